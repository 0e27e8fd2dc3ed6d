"""Pages that need no membership: logging in and out, the way home, colours, the calculator, what the service says."""

from django.urls import path

from commonweal.public import (
    calculator,
    health,
    letters,
    neighbourhoods,
    open_data,
    passwords,
    styleguide,
    verify,
    views,
)

app_name = "public"

urlpatterns = [
    path("", views.home, name="home"),
    path("log-in/", views.LogIn.as_view(), name="login"),
    path("password/", passwords.ask, name="password"),
    path("password/<str:uidb64>/<str:token>/", passwords.Choose.as_view(), name="password-new"),
    path("log-out/", views.LogOut.as_view(), name="logout"),
    path("no-pages-yet/", views.nowhere, name="nowhere"),
    path("colours/", views.theme, name="theme"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("how-we-use-your-data/", views.data, name="data"),
    path("open-data/", open_data.open_data, name="open-data"),
    path("open-data/<int:release>/", open_data.release, name="release"),
    path("open-data/<int:release>/data.json", open_data.release_data, name="release-data"),
    path("open-data/<int:release>/note.json", open_data.release_note, name="release-note"),
    path("neighbourhoods/", neighbourhoods.neighbourhoods, name="neighbourhoods"),
    path("neighbourhoods/<int:neighbourhood>/", neighbourhoods.neighbourhood, name="neighbourhood"),
    path("check/", verify.verify, name="verify"),
    path("calculator/", calculator.calculator, name="calculator"),
    path("stop-e-mails/<str:token>/", letters.unsubscribe, name="unsubscribe"),
    path("calendar/<str:secret>.ics", letters.calendar, name="calendar"),
    path("live", health.live, name="live"),
    path("ready", health.ready, name="ready"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
