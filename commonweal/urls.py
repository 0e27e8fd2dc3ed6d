"""Every address of the product; each name stands in the access table (`commonweal/access/table.py`)."""

from django.urls import include, path

urlpatterns = [
    path("", include("commonweal.public.urls")),
    # the other ways in, each with its own namespace: desk/ (desk), borrower/, investor/, api/v1/ (api)
]

handler400 = "commonweal.public.errors.bad_request"
handler403 = "commonweal.public.errors.forbidden"
handler404 = "commonweal.public.errors.not_found"
handler500 = "commonweal.public.errors.server_error"
