"""Every address of the product; each name stands in the access table (`commonweal/access/table.py`)."""

from django.urls import include, path

urlpatterns = [
    path("", include("commonweal.public.urls")),
    path("desk/", include("commonweal.desk.urls")),
    path("borrower/", include("commonweal.borrower_portal.urls")),
    path("investor/", include("commonweal.investor_portal.urls")),
    path("api/", include("commonweal.api.urls")),
]

handler400 = "commonweal.public.errors.bad_request"
handler403 = "commonweal.public.errors.forbidden"
handler404 = "commonweal.public.errors.not_found"
handler500 = "commonweal.public.errors.server_error"
