"""An observer's hands: forms opened and filled in, as they are between two hearings."""

YES = 0


def open_hearing(phone):
    phone.go("home", ".card button.main")
    phone.page.locator(".card button.main").last.click()
    phone.page.wait_for_selector("#q-arrived_at")


def answer_hearing(phone):
    """The least that a hearing form needs, with a complaint heard."""
    times = {"arrived_at": "10:00", "left_at": "13:00"}
    for code, time in times.items():
        phone.question(code).locator("input").fill(time)
    page = phone.page
    for question in page.locator(".question:visible").all():
        if question.locator("input[type=radio]").count() and not question.locator("input:checked").count():
            question.locator(".choice").nth(1).click()
    phone.choose("torture_complaint_today", YES)
    phone.choose("basis", "heard")


def answer_complaint(phone):
    """The least that a complaint needs: the first answer to all that must be answered, and a person."""
    page = phone.page
    page.wait_for_selector("#q-complainant_role")
    for question in page.locator(".question:visible").all():
        if not question.locator(".must").count():
            continue
        if question.locator("input[type=radio]").count():
            if not question.locator("input:checked").count():
                question.locator(".choice").nth(1).click()
        elif question.locator("input[type=checkbox]").count():
            question.locator(".choice").first.click()
        elif question.locator("select").count() and not question.locator("select").input_value():
            question.locator("select").select_option(index=2)
