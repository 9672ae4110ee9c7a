import numpy as np

from mlgui.data.recode import group_means

NAN = float("nan")


def test_means_are_of_each_group_and_nan_without_rows() -> None:
    means = group_means(np.array([1.0, 3.0, 5.0, 11.0]), np.array([0, 0, 2, 2]), 4)
    assert np.array_equal(means, [2, NAN, 8, NAN], equal_nan=True)
    assert np.array_equal(group_means(np.empty(0), np.empty(0, dtype=np.int64), 2), [NAN, NAN], equal_nan=True)


def test_means_far_from_zero_keep_their_digits() -> None:
    codes = np.repeat(np.arange(50), 2000)
    small = np.random.default_rng(4).normal(size=len(codes))
    far = 2.0**40 + small  # the sum as such holds 2**51: it would lose eleven more bits
    exact = group_means(far - 2.0**40, codes, 50)  # the subtraction is exact
    assert np.abs(group_means(far, codes, 50) - 2.0**40 - exact).max() <= np.spacing(2.0**40)  # the last bit of the result
