"""Files as people complain about them, with what is right: each is read by `test_complaints.py`.

Collected from the forums and issue lists of statistics programs: decimal commas read as thousands, identifiers that lose their
zeros, genes that become dates, labels that fall apart over a blank. Long columns state their last two cells.
"""

from __future__ import annotations

from dataclasses import dataclass

from mlgui.data.table import Kind


@dataclass(frozen=True)
class Complaint:
    """A file and what is right: columns by name (kind, cells), codes of the findings, what is asked about."""

    what: str
    content: str | bytes
    columns: dict[str, tuple[Kind, list[object]]]
    told: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()


COMPLAINTS: tuple[Complaint, ...] = (
    Complaint("decimal comma 0,9 in semicolons", "id;y\n1;0,9\n2;0,85\n3;1,25\n", {"y": (Kind.NUMBER, [0.9, 0.85, 1.25])}),
    Complaint("quoted decimal comma in commas", 'id,y\n1,"1,5"\n2,"2,25"\n3,"0,75"\n', {"y": (Kind.NUMBER, [1.5, 2.25, 0.75])}),
    Complaint(
        "quoted thousands",
        'id,n\n1,"38,147,147"\n2,"1,204,000"\n',
        {"n": (Kind.NUMBER, [38147147.0, 1204000.0])},
        told=("thousands-marks",),
    ),
    Complaint(
        "thousands with blanks around",
        'id,n\n1," 38,147,147 "\n2," 1,204 "\n',
        {"n": (Kind.NUMBER, [38147147.0, 1204.0])},
        told=("thousands-marks",),
    ),
    Complaint(
        "point thousands, decimal comma",
        "id;n\n1;1.234,50\n2;12.345,75\n",
        {"n": (Kind.NUMBER, [1234.5, 12345.75])},
        told=("thousands-marks",),
    ),
    Complaint(
        "blank thousands", "id;n\n1;1 234,5\n2;12 345,25\n", {"n": (Kind.NUMBER, [1234.5, 12345.25])}, told=("thousands-marks",)
    ),
    Complaint(
        "no-break blank thousands",
        "id;n\n1;1\xa0234,5\n2;12\u202f345,25\n",
        {"n": (Kind.NUMBER, [1234.5, 12345.25])},
        told=("thousands-marks",),
    ),
    Complaint(
        "Swiss apostrophe thousands",
        "id;n\n1;1'234.5\n2;12'345.25\n",
        {"n": (Kind.NUMBER, [1234.5, 12345.25])},
        told=("thousands-marks",),
    ),
    Complaint("currency", "id,price\n1,$12.50\n2,$3.00\n", {"price": (Kind.TEXT, ["$12.50", "$3.00"])}),
    Complaint("per cent", "id,share\n1,45%\n2,50%\n", {"share": (Kind.TEXT, ["45%", "50%"])}),
    Complaint("genes", "gene,x\nSEPT2,1\nMARCH1,2\nDEC1,3\n", {"gene": (Kind.TEXT, ["SEPT2", "MARCH1", "DEC1"])}),
    Complaint("ranges", "age,x\n1-2,1\n3-4,2\n5-12,3\n", {"age": (Kind.TEXT, ["1-2", "3-4", "5-12"])}),
    Complaint("scores as fractions", "score,x\n1/2,1\n3/4,2\n5/12,3\n", {"score": (Kind.TEXT, ["1/2", "3/4", "5/12"])}),
    Complaint(
        "zero-led ids",
        "id,y\n00123,1\n00045,2\n",
        {"id": (Kind.TEXT, ["00123", "00045"]), "y": (Kind.NUMBER, [1.0, 2.0])},
        told=("digits-kept-as-text",),
    ),
    Complaint(
        "ids of twenty digits",
        "id,y\n12345678901234567890,1\n12345678901234567891,2\n",
        {"id": (Kind.TEXT, ["12345678901234567890", "12345678901234567891"]), "y": (Kind.NUMBER, [1.0, 2.0])},
        told=("digits-kept-as-text",),
    ),
    Complaint(
        "ids with E",
        "id,y\n12E4,1\n33B2,2\n7E1,3\n",
        {"id": (Kind.TEXT, ["12E4", "33B2", "7E1"]), "y": (Kind.NUMBER, [1.0, 2.0, 3.0])},
        told=("mixed-column",),
    ),
    Complaint(
        "words for truth",
        "a,b,c\nTRUE,T,yes\nFALSE,F,no\nTRUE,T,no\n",
        {
            "a": (Kind.BOOLEAN, [True, False, True]),
            "b": (Kind.CATEGORY, ["T", "F", "T"]),
            "c": (Kind.CATEGORY, ["yes", "no", "no"]),
        },
    ),
    Complaint(
        "all usual marks of missing",
        "a,y\nx,1\nx,NA\ny,N/A\ny,n/a\nx,NaN\ny,NULL\nx,#N/A\ny,.\nx,\ny,2\n",
        {
            "a": (Kind.CATEGORY, ["x", "x", "y", "y", "x", "y", "x", "y", "x", "y"]),
            "y": (Kind.NUMBER, [1.0, None, None, None, None, None, None, None, None, 2.0]),
        },
    ),
    Complaint(
        "None is an answer",
        "drug,y\nNone,1\nA,2\nB,3\nNone,4\n",
        {"drug": (Kind.CATEGORY, ["None", "A", "B", "None"]), "y": (Kind.NUMBER, [1.0, 2.0, 3.0, 4.0])},
    ),
    Complaint(
        "a dash for missing", "id,y\n1,3.5\n2,-\n3,4\n4,5\n", {"y": (Kind.TEXT, ["3.5", "-", "4", "5"])}, told=("mixed-column",)
    ),
    Complaint(
        "Namibia",
        "country,y\nDE,1\nNA,2\nFR,3\n",
        {"country": (Kind.TEXT, ["DE", None, "FR"]), "y": (Kind.NUMBER, [1.0, 2.0, 3.0])},
        told=("na-may-be-a-code",),
    ),
    Complaint(
        "999",
        "id,y\n" + "".join(f"{i},{y}\n" for i, y in enumerate((3, 4, 5, -999, 4, 3, 5, 6, -999, 3, 4, 5))),
        {"y": (Kind.NUMBER, [3.0, 4.0, 5.0, -999.0, 4.0, 3.0, 5.0, 6.0, -999.0, 3.0, 4.0, 5.0])},
        told=("suspicious-value",),
    ),
    Complaint(
        "a delimiter at the end of every line", "id,y,\n1,2,\n2,3,\n", {"y": (Kind.NUMBER, [2.0, 3.0])}, told=("empty-columns",)
    ),
    Complaint("a delimiter at the end of the data only", "id,y\n1,2,\n2,3,\n", {"y": (Kind.NUMBER, [2.0, 3.0])}),
    Complaint("blank lines before", "\n\nid,y\n1,2\n2,3\n", {"y": (Kind.NUMBER, [2.0, 3.0])}),
    Complaint("blank lines between and after", "id,y\n1,2\n\n2,3\n\n\n", {"y": (Kind.NUMBER, [2.0, 3.0])}, told=("blank-lines",)),
    Complaint(
        "curly quotes of Windows",
        b"id,w\n1,\x93hi\x94\n2,it\x92s\n",
        {"w": (Kind.TEXT, ["“hi”", "it’s"])},
        told=("encoding-guessed",),
    ),
    Complaint(
        "UTF-16, big end first",
        b"\xfe\xff\x00i\x00d\x00,\x00\xf6\x00\n\x001\x00,\x00\xfc\x00\n\x002\x00,\x00\xdf\x00\n",
        {"ö": (Kind.TEXT, ["ü", "ß"])},
    ),
    Complaint("line ends of old Macs", "id,y\r1,2\r2,3\r", {"y": (Kind.NUMBER, [2.0, 3.0])}),
    Complaint("mixed line ends", "id,y\r\n1,2\n2,3\r\n", {"y": (Kind.NUMBER, [2.0, 3.0])}),
    Complaint("Excel's sep line", "sep=;\nid;y\n1;2,5\n2;3,5\n", {"y": (Kind.NUMBER, [2.5, 3.5])}, told=("lines-skipped",)),
    Complaint("doubled quotes", 'id,w\n1,"he said ""yes"""\n2,no\n', {"w": (Kind.TEXT, ['he said "yes"', "no"])}),
    Complaint(
        "apostrophes",
        "name,y\nO'Brien,1\nD'Arcy,2\n",
        {"name": (Kind.TEXT, ["O'Brien", "D'Arcy"]), "y": (Kind.NUMBER, [1.0, 2.0])},
    ),
    Complaint(
        "a comma inside quotes",
        'name,y\n"Smith, John",1\n"Doe, Jane",2\n',
        {"name": (Kind.TEXT, ["Smith, John", "Doe, Jane"]), "y": (Kind.NUMBER, [1.0, 2.0])},
    ),
    Complaint(
        "names with units",
        "weight (kg),share %,1st,a-b,a b\n1,2,3,4,5\n2,3,4,5,6\n",
        {
            "weight (kg)": (Kind.NUMBER, [1.0, 2.0]),
            "share %": (Kind.NUMBER, [2.0, 3.0]),
            "1st": (Kind.NUMBER, [3.0, 4.0]),
            "a-b": (Kind.NUMBER, [4.0, 5.0]),
            "a b": (Kind.NUMBER, [5.0, 6.0]),
        },
    ),
    Complaint(
        "years as names", "id,2019,2020\na,1,2\nb,3,4\n", {"2019": (Kind.NUMBER, [1.0, 3.0]), "2020": (Kind.NUMBER, [2.0, 4.0])}
    ),
    Complaint(
        "names that differ by case",
        "ID,id,Id\n1,2,3\n4,5,6\n",
        {"ID": (Kind.NUMBER, [1.0, 4.0]), "Id": (Kind.NUMBER, [3.0, 6.0])},
    ),
    Complaint("names with blanks around", " id , y \n1,2\n2,3\n", {"y": (Kind.NUMBER, [2.0, 3.0])}),
    Complaint(
        "a name over two lines",
        '"reaction\ntime",y\n1,2\n2,3\n',
        {"reaction time": (Kind.NUMBER, [1.0, 2.0]), "y": (Kind.NUMBER, [2.0, 3.0])},
    ),
    Complaint("a name of 300 letters", "id," + "x" * 300 + "\n1,2\n2,3\n", {"x" * 300: (Kind.NUMBER, [2.0, 3.0])}),
    Complaint(
        "no names at all",
        "1,2.5\n2,3.5\n3,4.5\n",
        {"V1": (Kind.NUMBER, [1.0, 2.0, 3.0]), "V2": (Kind.NUMBER, [2.5, 3.5, 4.5])},
        told=("no-header",),
    ),
    Complaint(
        "a second line of labels",
        "Q1,Q2\nHow old?,How tall?\n12,150\n13,160\n14,165\n",
        {"Q1": (Kind.TEXT, ["How old?", "12", "13", "14"]), "Q2": (Kind.TEXT, ["How tall?", "150", "160", "165"])},
        told=("mixed-column", "mixed-column"),
    ),
    Complaint(
        "German dates",
        "d,y\n31.12.2019,1\n1.2.2020,2\n",
        {"d": (Kind.DATE, ["2019-12-31", "2020-02-01"]), "y": (Kind.NUMBER, [1.0, 2.0])},
    ),
    Complaint(
        "American dates without doubt",
        "d,y\n12/31/2019,1\n01/02/2020,2\n",
        {"d": (Kind.DATE, ["2019-12-31", "2020-01-02"]), "y": (Kind.NUMBER, [1.0, 2.0])},
    ),
    Complaint(
        "dates that can be read two ways",
        "d,y\n01/02/2020,1\n03/04/2020,2\n",
        {"d": (Kind.TEXT, ["01/02/2020", "03/04/2020"]), "y": (Kind.NUMBER, [1.0, 2.0])},
        asked=("d",),
    ),
    Complaint(
        "ISO times with zone",
        "d,y\n2020-01-02T03:04:05Z,1\n2020-01-03T00:00:00Z,2\n",
        {"d": (Kind.DATETIME, ["2020-01-02T03:04:05", "2020-01-03T00:00:00"]), "y": (Kind.NUMBER, [1.0, 2.0])},
    ),
    Complaint(
        "dates with holes",
        "d,y\n2020-01-02,1\n,2\n2020-01-04,3\n",
        {"d": (Kind.DATE, ["2020-01-02", None, "2020-01-04"]), "y": (Kind.NUMBER, [1.0, 2.0, 3.0])},
    ),
    Complaint(
        "years of two digits",
        "d,y\n31.12.19,1\n01.02.20,2\n",
        {"d": (Kind.TEXT, ["31.12.19", "01.02.20"]), "y": (Kind.NUMBER, [1.0, 2.0])},
    ),
    Complaint("clock times", "t,y\n12:30,1\n09:15,2\n", {"t": (Kind.TEXT, ["12:30", "09:15"]), "y": (Kind.NUMBER, [1.0, 2.0])}),
    Complaint(
        "exponents", "a;b\n1,2E-5;1e3\n3,5E+2;2e3\n", {"a": (Kind.NUMBER, [1.2e-05, 350.0]), "b": (Kind.NUMBER, [1000.0, 2000.0])}
    ),
    Complaint("a true minus", "id,y\n1,−1.5\n2,2.5\n", {"y": (Kind.NUMBER, [-1.5, 2.5])}),
    Complaint("plus signs and bare points", "id,y\n1,+3\n2,.5\n3,5.\n", {"y": (Kind.NUMBER, [3.0, 0.5, 5.0])}),
    Complaint("hex", "id,y\n1,0x1F\n2,0x2A\n", {"y": (Kind.TEXT, ["0x1F", "0x2A"])}),
    Complaint("infinity", "id,y\n1,Inf\n2,-Inf\n3,2\n", {"y": (Kind.NUMBER, [None, None, 2.0])}, told=("infinite-values",)),
    Complaint("tabs in a .csv", "id\ty\n1\t2\n2\t3\n", {"y": (Kind.NUMBER, [2.0, 3.0])}),
    Complaint(
        "one word among numbers",
        "id,y\n" + "".join(f"{i},{i / 2}\n" for i in range(30)) + "30,absent\n",
        {"y": (Kind.TEXT, ["14.5", "absent"])},
        told=("mixed-column",),
    ),
    Complaint("units in cells", "id,y\n1,12kg\n2,13kg\n", {"y": (Kind.TEXT, ["12kg", "13kg"])}),
    Complaint("a column of one value", "id,y\n1,7\n2,7\n3,7\n", {"y": (Kind.NUMBER, [7.0, 7.0, 7.0])}),
    Complaint(
        "text after 90,000 numbers",
        "id,y\n" + "".join(f"{i},{i}\n" for i in range(90_000)) + "x,y\n",
        {"y": (Kind.TEXT, ["89999", "y"])},
        told=("mixed-column", "mixed-column"),
    ),
    Complaint(
        "a point after 100,000 whole numbers",
        "y\n" + "".join(f"{i}\n" for i in range(100_000)) + "0.5\n",
        {"y": (Kind.NUMBER, [99999.0, 0.5])},
    ),
    Complaint(
        "comma and semicolon both",
        "id;name;y\n1;Smith, J;2\n2;Doe, K;3\n",
        {"name": (Kind.TEXT, ["Smith, J", "Doe, K"]), "y": (Kind.NUMBER, [2.0, 3.0])},
    ),
    Complaint("blanks as delimiter", "id y\n1 2.5\n2 3.5\n", {"y": (Kind.NUMBER, [2.5, 3.5])}),
    Complaint("several blanks as delimiter", "id   y\n1    2.5\n22   3.5\n", {"y": (Kind.NUMBER, [2.5, 3.5])}),
    Complaint(
        "emoji and Chinese", "学校,y\n一中,1\n😀,2\n", {"学校": (Kind.TEXT, ["一中", "😀"]), "y": (Kind.NUMBER, [1.0, 2.0])}
    ),
    Complaint("a bare quote", 'id,size\n1,5" pipe\n2,6" pipe\n', {"size": (Kind.TEXT, ['5" pipe', '6" pipe'])}),
    Complaint("zero bytes at the end", b"id,y\n1,2\n2,3\n\x00\x00\x00", {"y": (Kind.NUMBER, [2.0, 3.0])}, told=("nul-bytes",)),
    Complaint("a substitute sign at the end", b"id,y\n1,2\n2,3\n\x1a", {"y": (Kind.NUMBER, [2.0, 3.0])}),
    Complaint(
        "codes padded with blanks",
        "sex,y\nM ,1\nM,2\n F,3\n",
        {"sex": (Kind.CATEGORY, ["M", "M", "F"]), "y": (Kind.NUMBER, [1.0, 2.0, 3.0])},
    ),
    Complaint(
        "yes in three spellings",
        "a,y\nYes,1\nyes,2\nYES,3\nno,4\nno,5\n",
        {"a": (Kind.CATEGORY, ["Yes", "yes", "YES", "no", "no"]), "y": (Kind.NUMBER, [1.0, 2.0, 3.0, 4.0, 5.0])},
        told=("labels-alike",),
    ),
    Complaint(
        "accents composed in two ways",
        "s,y\nCafé,1\nCafé,2\nCafé,3\n",
        {"s": (Kind.CATEGORY, ["Café", "Café", "Café"]), "y": (Kind.NUMBER, [1.0, 2.0, 3.0])},
        told=("labels-alike",),
    ),
    Complaint(
        "one blank or two",
        "g,y\nNorth East,1\nNorth  East,2\nNorth East,3\n",
        {"g": (Kind.CATEGORY, ["North East", "North  East", "North East"]), "y": (Kind.NUMBER, [1.0, 2.0, 3.0])},
        told=("labels-alike",),
    ),
    Complaint(
        "totals at the bottom",
        "school,y\nA,1\nB,2\nC,4\nTotal,7\n",
        {"school": (Kind.TEXT, ["A", "B", "C", "Total"]), "y": (Kind.NUMBER, [1.0, 2.0, 4.0, 7.0])},
    ),
    Complaint(
        "a note at the bottom",
        "id,y\n1,2\n2,3\n3,4\nSource: own survey,\n",
        {"y": (Kind.NUMBER, [2.0, 3.0, 4.0, None])},
        told=("mixed-column",),
    ),
)
