"""The weights, as data: how often each outcome is seen between records of one person, of relatives, of strangers.

Fellegi and Sunter's model (1969) compares "same person" with "stranger". Here a third case stands beside them, since
most wrong matches at an early help door are brothers, sisters and twins, who share surname, address and telephone:
a field that relatives share as often as a person shares it with himself then weighs nothing between the two.

The figures are starting values set by judgement, not fitted: error rates of one to ten in a hundred as linkage
studies of hand-typed administrative records report, chance agreement from the size of an outer London borough
(some 6,000 postcodes, 250,000 residents, 18 years of birth dates), and 1 or 2 in 100 pairs of siblings being twins.
Replace them by fitted ones when the borough has pairs that people have judged.
"""

from typing import NamedTuple


class Weight(NamedTuple):
    """Probability of one outcome of a field between records of the `same` person, of a `relative`, of a `stranger`."""

    same: float
    relative: float
    stranger: float


# Among pairs of one newcomer and one of the people on record: 1 same, 4 relatives, 50,000 strangers.
PRIOR = Weight(same=1, relative=4, stranger=50_000)

# Each field's outcomes cover all that can happen when both records hold it, so each column adds up to 1.
WEIGHTS: dict[str, dict[str, Weight]] = {
    "identifier": {
        "same": Weight(0.95, 0.00001, 0.0000002),
        "close": Weight(0.03, 0.0003, 0.000003),
        "different": Weight(0.02, 0.99969, 0.9999968),
    },
    "forename": {
        "same": Weight(0.79, 0.008, 0.008),
        "part": Weight(0.05, 0.008, 0.003),
        "nickname": Weight(0.03, 0.001, 0.001),
        "other_name": Weight(0.02, 0.004, 0.001),
        "typo": Weight(0.055, 0.006, 0.002),
        "sound": Weight(0.02, 0.008, 0.004),
        "alike": Weight(0.013, 0.02, 0.006),
        "swapped": Weight(0.01, 0.00005, 0.00001),
        "crossed": Weight(0.002, 0.0005, 0.0002),
        "different": Weight(0.010, 0.94445, 0.97479),
    },
    "surname": {
        "same": Weight(0.81, 0.75, 0.006),
        "part": Weight(0.04, 0.07, 0.002),
        "other_name": Weight(0.02, 0.03, 0.001),
        "typo": Weight(0.06, 0.035, 0.003),
        "sound": Weight(0.02, 0.015, 0.006),
        "alike": Weight(0.01, 0.01, 0.006),
        "different": Weight(0.04, 0.09, 0.976),
    },
    "born": {
        "same": Weight(0.92, 0.015, 0.00015),
        "swapped": Weight(0.01, 0.0002, 0.0001),
        "typo": Weight(0.033, 0.012, 0.002),
        "near": Weight(0.004, 0.0002, 0.0003),
        "month": Weight(0.008, 0.0058, 0.0037),
        "year": Weight(0.01, 0.06, 0.055),
        "different": Weight(0.015, 0.9068, 0.93875),
    },
    "due": {
        "same": Weight(0.80, 0.004, 0.03),
        "close": Weight(0.17, 0.006, 0.07),
        "different": Weight(0.03, 0.99, 0.90),
    },
    "birth": {
        "near": Weight(0.99, 0.01, 0.02),
        "different": Weight(0.01, 0.99, 0.98),
    },
    "sex": {
        "same": Weight(0.98, 0.60, 0.50),
        "different": Weight(0.02, 0.40, 0.50),
    },
    "postcode": {
        "same": Weight(0.75, 0.75, 0.0004),
        "typo": Weight(0.05, 0.04, 0.003),
        "different": Weight(0.20, 0.21, 0.9966),
    },
    "address": {
        "same": Weight(0.60, 0.60, 0.00005),
        "street": Weight(0.10, 0.08, 0.002),
        "different": Weight(0.30, 0.32, 0.99795),
    },
    "address_there": {
        "same": Weight(0.85, 0.90, 0.04),
        "street": Weight(0.09, 0.05, 0.86),
        "different": Weight(0.06, 0.05, 0.10),
    },
    "place": {
        "same": Weight(0.85, 0.85, 0.05),
        "typo": Weight(0.05, 0.05, 0.002),
        "different": Weight(0.10, 0.10, 0.948),
    },
    "place_there": {
        "same": Weight(0.92, 0.92, 0.90),
        "typo": Weight(0.06, 0.06, 0.055),
        "different": Weight(0.02, 0.02, 0.045),
    },
    # On a child's record these are a parent's, so brothers and sisters have them in common.
    "phone": {
        "same": Weight(0.60, 0.60, 0.00002),
        "different": Weight(0.40, 0.40, 0.99998),
    },
    "email": {
        "same": Weight(0.60, 0.60, 0.00001),
        "different": Weight(0.40, 0.40, 0.99999),
    },
}
