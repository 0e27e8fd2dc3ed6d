"""Every address of the product; each name stands in the access table (`commonweal/access/table.py`)."""

from django.urls import path, include

urlpatterns = []
