"""Addresses of the community business's portal."""

from django.urls import path

from commonweal.borrower_portal import documents, files, home, impact, loan

app_name = "borrower"

urlpatterns = [
    path("", home.home, name="home"),
    path("loans/<int:loan>/", loan.schedule, name="loan"),
    path("achieved/", impact.achieved, name="impact"),
    path("documents/", documents.documents, name="documents"),
    path("documents/<int:document>/", documents.document, name="document"),
    path("files/", files.files, name="files"),
    path("files/<slug:file>/", files.file, name="file"),
]
