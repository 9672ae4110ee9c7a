"""The engine: (restricted) maximum likelihood for multilevel models of any structure, on numpy and scipy alone.

    fit(problem, options, on_step) -> Estimates      (mlgui.engine.fit)

rows (scaling) -> cross-products (gram) -> criterion and derivatives (objective, with one elimination per structure:
single, chain, border, core) -> minimum (newton, boundary) -> estimates (effects). Only the first two see the rows.

With a residual structure (residual_strata, residual_within, residual_occasions) rows go to the cross-products of fixed parts,
whose combination under any parameters is a Gram (residual_gram), and the search runs inside one over these (residual_fit).

Symbols, after Bates, Maechler, Bolker & Walker (2015), J. Stat. Softw. 67(1), and Gilmour, Thompson & Cullis (1995):

n, p, r     rows with positive weight; columns of X; independent columns of X (rank)
k, J, q     a grouping; its number of groups; its number of varying coefficients
y, X, Z_k   response less offset; columns of the fixed part; columns whose coefficients vary by k
w           [X y] inside: weighted, centred, scaled
beta, b     coefficients of X; group effects, b_j ~ N(0, sigma^2 G_k)
sigma       residual standard deviation (of a row of weight 1)
T, G        relative covariance factor, lower triangular, and G = T T'; theta: the free entries of all T
A, L        the map of factors to the columns inside, and L = A T ("factor" of a backend)
K, U        I + L'Z'Z L over all groupings; K^-1 L'Z'w. u = U [-beta; 1] are the scaled modes g, b = T g
S, M        w'w - (L'Z'w)'U (the Schur term, "schur"); (X'V^-1X)^-1 = inverse of its X block ("root_inverse' root_inverse")
V           W^-1 + Z G Z', the covariance of y over sigma^2
d, r2, c    degrees of freedom n - r (REML) or n (ML); y'Py, the residual sum of squares in S; c = d / r2
Delta, E_a  local change G = T (I + Delta) T'; the symmetric basis matrices Delta is made of
N_k, D      d criterion / d Delta_k; second derivatives over E_a
typical     the relative SD at which a term varies as much as the residual: unit of steps, floors and tests
"""
