"""Addresses of the API for what good it did: indicators, returns, stories, places, proxies and open data."""

from django.urls import path

from commonweal.api import (
    deal_records,
    evidence,
    impact,
    impact_places,
    indicators,
    neighbourhoods,
    open_data,
    places,
    proxies,
    return_plans,
    returns,
    stories,
)
from commonweal.api.roots import BOOK, INVESTOR, NEIGHBOURHOOD, ORGANISATION, RETURN

operations = [
    path(f"{BOOK}/impact/", impact.FundImpact.as_view(), name="impact"),
    path(f"{BOOK}/impact/download/", impact.FundImpactDownload.as_view(), name="impact-download"),
    path(f"{BOOK}/impact/proxies/", proxies.ProxyList.as_view(), name="proxy-list"),
    path(f"{BOOK}/impact/proxies/<int:proxy>/approve/", proxies.ProxyApprove.as_view(), name="proxy-approve"),
    path(f"{BOOK}/impact/proxies/<int:proxy>/decline/", proxies.ProxyDecline.as_view(), name="proxy-decline"),
    path(f"{BOOK}/impact/places/", impact_places.ImpactPlaces.as_view(), name="impact-places"),
    path(f"{ORGANISATION}/readings/", indicators.ReadingList.as_view(), name="reading-list"),
    path(
        f"{ORGANISATION}/readings/<int:reading>/confirm/", indicators.ReadingConfirm.as_view(), name="reading-confirm"
    ),
    path(f"{ORGANISATION}/readings/<int:reading>/", evidence.ReadingDetail.as_view(), name="reading"),
    path(f"{ORGANISATION}/readings/<int:reading>/evidence/", evidence.EvidenceList.as_view(), name="evidence-list"),
    path(f"{BOOK}/readings/", return_plans.BookReadingList.as_view(), name="book-reading-list"),
    path(f"{BOOK}/returns/", return_plans.BookReturnList.as_view(), name="book-return-list"),
    path(f"{ORGANISATION}/return-plans/", return_plans.ReturnPlanList.as_view(), name="return-plan-list"),
    path(f"{ORGANISATION}/returns/", returns.ReturnList.as_view(), name="return-list"),
    path(f"{RETURN}/answers/", returns.ReturnAnswers.as_view(), name="return-answer-list"),
    path(f"{RETURN}/send/", returns.ReturnSend.as_view(), name="return-send"),
    path(f"{ORGANISATION}/consents/", returns.ConsentList.as_view(), name="consent-list"),
    path(f"{ORGANISATION}/stories/", stories.StoryList.as_view(), name="story-list"),
    path(f"{ORGANISATION}/stories/<int:story>/withdraw/", stories.StoryWithdraw.as_view(), name="story-withdraw"),
    path(f"{ORGANISATION}/hand-over/", stories.HandoverNoteList.as_view(), name="handover-note-list"),
    path(f"{ORGANISATION}/coach/", stories.Coach.as_view(), name="coach"),
    path(f"{ORGANISATION}/coach/suggestions/", stories.CoachSuggestions.as_view(), name="coach-suggestions"),
    path(f"{ORGANISATION}/achieved/", stories.AchievedList.as_view(), name="achieved"),
    path(f"{ORGANISATION}/claims/", returns.ClaimList.as_view(), name="claim-list"),
    path(f"{ORGANISATION}/places/", places.OrganisationPlaces.as_view(), name="organisation-places"),
    path(f"{ORGANISATION}/places/record/", places.PlacesRecord.as_view(), name="places-record"),
    path("indicators/", indicators.IndicatorList.as_view(), name="indicator-list"),
    path("scales/", places.ScaleList.as_view(), name="scale-list"),
    path(f"{BOOK}/neighbourhoods/", neighbourhoods.NeighbourhoodList.as_view(), name="neighbourhood-list"),
    path(f"{NEIGHBOURHOOD}/", neighbourhoods.NeighbourhoodDetail.as_view(), name="neighbourhood"),
    path(
        f"{NEIGHBOURHOOD}/priorities/", neighbourhoods.NeighbourhoodPriorities.as_view(), name="neighbourhood-priority"
    ),
    path(f"{NEIGHBOURHOOD}/loans/", neighbourhoods.NeighbourhoodAnswers.as_view(), name="neighbourhood-answer"),
    path(f"{NEIGHBOURHOOD}/page/", neighbourhoods.NeighbourhoodShowings.as_view(), name="neighbourhood-showing"),
    path(f"{BOOK}/open-data/deals/", deal_records.DealRecordList.as_view(), name="deal-record-list"),
    path(f"{BOOK}/open-data/deals/try/", deal_records.DealFileTry.as_view(), name="deal-file-try"),
    path(f"{BOOK}/open-data/", open_data.ReleaseList.as_view(), name="release-list"),
    path(f"{BOOK}/portfolio/places/", places.PortfolioPlaces.as_view(), name="portfolio-places"),
    path(f"{INVESTOR}/impact/", impact.InvestorImpact.as_view(), name="investor-impact"),
]
