"""Filters for money, dates and states."""

from django import template

register = template.Library()
