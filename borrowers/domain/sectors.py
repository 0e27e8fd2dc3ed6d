"""What does a community business do?"""

from __future__ import annotations

from enum import StrEnum


class Sector(StrEnum):
    """The fields in which community businesses trade; one each, by what earns the most."""

    SHOP = "Shop or post office"
    HOSPITALITY = "Pub, café or hostel"
    FOOD = "Food and farming"
    ENERGY = "Energy and environment"
    CULTURE = "Arts, culture and heritage"
    SPORT = "Sport and leisure"
    CARE = "Health, care and childcare"
    HOUSING = "Housing and land"
    TRANSPORT = "Transport and broadband"
    WORK = "Work space and making"
    HUB = "Community hub"
    OTHER = "Something else"
