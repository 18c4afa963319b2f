"""Small plausible worlds: clean tables whose target really depends on the other columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Rng = np.random.Generator


@dataclass(frozen=True)
class Domain:
    """One world.

    Attributes
    ----------
    id : str
    situation : str
        What the learner is told.
    target : str
    amounts : tuple of str
        Numeric columns without a natural cap, in which a unit can be mixed up.
    bounded : tuple of str
        Numeric columns that cannot be negative or beyond a few hundred.
    categories : tuple of str
        Text columns with few values.
    money, date : str
    units : (str, str, float)
        Unit of the first amount, another unit, and the factor from one to the other.
    leak : (str, str)
        A column that is only known afterwards, and what it is.
    make : callable
        ``(rng, n_rows) -> frame`` without defects.
    """

    id: str
    situation: str
    target: str
    amounts: tuple[str, ...]
    bounded: tuple[str, ...]
    categories: tuple[str, ...]
    money: str
    date: str
    units: tuple[str, str, float]
    leak: tuple[str, str]
    make: Callable[[Rng, int], pd.DataFrame]


def _clinic(rng: Rng, n: int) -> pd.DataFrame:
    age = np.clip(rng.normal(58, 17, n), 18, 97).round().astype(int)
    height = rng.normal(171, 9, n).round(1)
    weight = np.clip(rng.normal(24.9, 3.9, n) * (height / 100) ** 2, 41, 160).round(1)
    pulse = np.clip(rng.normal(76, 11, n), 45, 140).round().astype(int)
    ward = _choice(rng, n, ("Cardiology", "Surgery", "Internal medicine", "Orthopaedics"))
    smoker = _choice(rng, n, ("never", "former", "current"), (0.5, 0.3, 0.2))
    insurance = _choice(rng, n, ("statutory", "private", "self-paid"), (0.72, 0.22, 0.06))
    days = np.clip(rng.gamma(2.2, 2.4, n) + (age > 70) * 1.5, 1, 45).round().astype(int)
    cost = (days * rng.normal(640, 60, n) + (ward == "Surgery") * 2300 + 350).round(2)
    risk = 0.045 * (age - 58) + 0.9 * (smoker == "current") + 0.16 * days + 0.03 * (pulse - 76)
    return pd.DataFrame(
        {
            "admitted_on": _days(rng, n, "2023-01-02", 700),
            "age": age,
            "height_cm": height,
            "weight_kg": weight,
            "pulse": pulse,
            "ward": ward,
            "smoker": smoker,
            "insurance": insurance,
            "days_in_hospital": days,
            "bill_eur": np.maximum(cost, 320),
            "readmitted": _yes(rng, risk, 0.3),
        }
    )


def _shop(rng: Rng, n: int) -> pd.DataFrame:
    category = _choice(rng, n, ("Shoes", "Jackets", "Trousers", "Accessories", "Shirts"))
    country = _choice(rng, n, ("Germany", "Austria", "Switzerland", "Netherlands"), (5, 2, 2, 1))
    payment = _choice(rng, n, ("invoice", "credit card", "PayPal", "prepaid"), (4, 3, 2, 1))
    items = 1 + rng.poisson(1.3, n)
    price = (rng.lognormal(3.6, 0.5, n) * items).round(2)
    parcel = (0.25 + items * rng.gamma(4, 0.14, n)).round(2)
    minutes = np.clip(rng.gamma(2, 7, n), 1, 120).round(1)
    age = np.clip(rng.normal(38, 12, n), 18, 85).round().astype(int)
    risk = 0.9 * (payment == "invoice") + 0.8 * (category == "Shoes") + 0.45 * (items - 2)
    risk = risk - 0.03 * (age - 38) + 0.03 * (minutes - 14)
    return pd.DataFrame(
        {
            "ordered_on": _days(rng, n, "2024-01-01", 540),
            "country": country,
            "category": category,
            "payment": payment,
            "items": items,
            "parcel_kg": parcel,
            "minutes_on_page": minutes,
            "customer_age": age,
            "price_eur": price,
            "returned": _yes(rng, risk, 0.35),
        }
    )


def _flats(rng: Rng, n: int) -> pd.DataFrame:
    district = _choice(rng, n, ("Altstadt", "Nordend", "Westhafen", "Sachsenhausen", "Riederwald"))
    heating = _choice(rng, n, ("district", "gas", "heat pump", "oil"), (4, 4, 1, 1))
    state = _choice(rng, n, ("renovated", "good", "needs work"), (3, 5, 2))
    rooms = np.clip(rng.normal(2.9, 1.1, n).round(), 1, 7).astype(int)
    area = np.clip(rooms * rng.normal(24, 3.5, n) + 8, 18, 260).round(1)
    floor = rng.integers(0, 9, n)
    age = np.clip(rng.gamma(2.2, 22, n), 0, 150).round().astype(int)
    walk = np.clip(rng.gamma(3, 2.6, n), 1, 40).round(1)
    level = np.select([district == "Altstadt", district == "Riederwald"], [4.5, -3.0], 0.0)
    level = level + np.select([state == "renovated", state == "needs work"], [1.8, -1.6], 0.0)
    square = 14.5 + level - 0.02 * age - 0.12 * (walk - 8) + rng.normal(0, 0.9, n)
    return pd.DataFrame(
        {
            "listed_on": _days(rng, n, "2023-06-01", 600),
            "district": district,
            "state": state,
            "heating": heating,
            "area_sqm": area,
            "rooms": rooms,
            "floor": floor,
            "building_age": age,
            "minutes_to_station": walk,
            "deposit_eur": (3 * area * np.maximum(square, 5) * 0.8 + rng.normal(0, 260, n)).round(
                2
            ),
            "rent_eur": (area * np.maximum(square, 5)).round(0),
        }
    )


def _gym(rng: Rng, n: int) -> pd.DataFrame:
    plan = _choice(rng, n, ("monthly", "yearly", "student", "company"), (4, 4, 1, 2))
    branch = _choice(rng, n, ("Harbour", "Old Town", "Station", "Riverside"))
    goal = _choice(rng, n, ("strength", "weight loss", "endurance", "rehabilitation"))
    age = np.clip(rng.normal(35, 12, n), 16, 80).round().astype(int)
    visits = rng.poisson(np.clip(rng.gamma(2, 3.2, n), 0.4, None))
    months = np.clip(rng.gamma(1.6, 11, n), 1, 96).round().astype(int)
    distance = np.clip(rng.gamma(2, 2.1, n), 0.2, 35).round(1)
    fee = (np.select([plan == "student", plan == "company"], [19.9, 24.9], 34.9) * months).round(2)
    risk = 1.1 * (plan == "monthly") - 0.16 * visits - 0.02 * months + 0.12 * distance
    return pd.DataFrame(
        {
            "joined_on": _days(rng, n, "2022-03-01", 900),
            "branch": branch,
            "plan": plan,
            "goal": goal,
            "age": age,
            "visits_last_month": visits,
            "months_as_member": months,
            "distance_km": distance,
            "paid_total_eur": (fee + rng.gamma(2, 9, n)).round(2),
            "cancelled": _yes(rng, risk, 0.28),
        }
    )


def _choice(
    rng: Rng, n: int, values: Sequence[str], weights: Sequence[float] | None = None
) -> npt.NDArray[Any]:
    shares = None if weights is None else np.asarray(weights, dtype=float) / np.sum(weights)
    return np.array(values, dtype=object)[rng.choice(len(values), n, p=shares)]


def _days(rng: Rng, n: int, first: str, span: int) -> pd.Series[Any]:
    days = np.sort(rng.integers(0, span, n)).astype("timedelta64[D]")
    return pd.Series((np.datetime64(first) + days).astype("datetime64[ns]"))


def _yes(rng: Rng, risk: npt.NDArray[Any], share: float) -> npt.NDArray[Any]:
    """Draw yes and no with the log odds `risk`, shifted so that about `share` are yes."""
    shift = np.quantile(risk, 1 - share)
    return np.where(rng.random(len(risk)) < 1 / (1 + np.exp(-2 * (risk - shift))), "yes", "no")


_ALL = (
    Domain(
        "clinic",
        "A clinic wants to know which patients come back within a month. A colleague has "
        "exported the last two years from the ward's system.",
        "readmitted",
        ("weight_kg", "height_cm"),
        ("age", "pulse", "days_in_hospital"),
        ("ward", "smoker", "insurance"),
        "bill_eur",
        "admitted_on",
        ("kg", "lb", 2.2046),
        ("follow_up_calls", "calls made after a readmission"),
        _clinic,
    ),
    Domain(
        "shop",
        "An online shop wants to know before dispatch which orders will be sent back. The table "
        "was put together from three countries' systems.",
        "returned",
        ("parcel_kg", "minutes_on_page"),
        ("customer_age", "items"),
        ("country", "category", "payment"),
        "price_eur",
        "ordered_on",
        ("kg", "g", 1000.0),
        ("refund_days", "days from the return to the refund"),
        _shop,
    ),
    Domain(
        "flats",
        "A tenants' association wants to judge whether a rent is fair. Volunteers copied two "
        "years of adverts by hand.",
        "rent_eur",
        ("area_sqm", "minutes_to_station"),
        ("building_age", "rooms", "floor"),
        ("district", "state", "heating"),
        "deposit_eur",
        "listed_on",
        ("m²", "sq ft", 10.7639),
        ("yearly_rent_eur", "twelve times the rent"),
        _flats,
    ),
    Domain(
        "gym",
        "A gym wants to talk to members before they cancel. Each branch keeps its own list, and "
        "somebody pasted them together.",
        "cancelled",
        ("distance_km", "months_as_member"),
        ("age", "visits_last_month"),
        ("branch", "plan", "goal"),
        "paid_total_eur",
        "joined_on",
        ("km", "m", 1000.0),
        ("exit_survey_score", "a score that only leavers are asked for"),
        _gym,
    ),
)
DOMAINS = MappingProxyType({domain.id: domain for domain in _ALL})
"""Every world by its id."""
