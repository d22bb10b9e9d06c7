from io import StringIO

import pytest
from django.core.management import call_command

from agreements import services
from agreements.management.commands import seed_agreement
from agreements.models import Agreement, Text, Version

SLUG = seed_agreement.SLUG
TEXTS = seed_agreement.read_texts()

FIELDS = {
    "en": [
        "real name",
        "ID number",
        "home address",
        "mailing address",
        "postal code",
        "e-mail address",
        "your password",
        "password-protection question",
        "answer to that question",
    ],
    "zh-hans": [
        "真实姓名",
        "证件号码",
        "家庭住址",
        "通信地址",
        "邮政编码",
        "电子邮箱地址",
        "密码；",
        "密码保护问题；",
        "密码保护问题的答案",
    ],
}
GROUNDS = {
    "en": [
        "**Consent.**",
        "**Statute.**",
        "**Legal process.**",
        "**Property rights.**",
        "**Emergency.**",
        "**National security.**",
        "**Partner.**",
    ],
    "zh-hans": [
        "**您的同意。**",
        "**法律规定。**",
        "**法律程序。**",
        "**财产权利。**",
        "**紧急情况。**",
        "**国家安全。**",
        "**合作方。**",
    ],
}
# One tell-tale phrase for each clause that the text itself must carry.
CLAUSES = {
    "en": [
        "legal agreement between you and the Platform",
        "read the whole of it before you register",
        "when you use any of the services",
        "cannot defend yourself in a dispute",
        "change this agreement at any time",
        "announce the fact of each change",
        "do not owe you a separate one",
        "decline it and leave the service of your own accord",
        "continued use",
        "minors in particular",
        "commercially reasonable",
        "analyse the whole user database",
        "commercial use",
        "liability for that damage",
        "parent company, subsidiaries",
        "disclaims all warranties",
        "indirect, special or consequential damage",
        "stop using the service",
        "cancel your account",
        "stop providing the service",
        "headings in this agreement are for convenience only",
    ],
    "zh-hans": [
        "您与本平台之间订立的法律协议",
        "在注册之前通读全文",
        "使用本平台的任何一项服务",
        "不得以未曾仔细阅读为由进行抗辩",
        "随时变更本协议",
        "公告每一次变更的事实",
        "没有义务另行逐一通知",
        "自愿停止使用服务或者注销账户",
        "继续使用",
        "特别是未成年人",
        "商业上合理",
        "对整个用户数据库进行技术分析",
        "商业利用",
        "损害赔偿责任",
        "母公司、子公司",
        "不作任何明示或者默示的保证",
        "间接的、特殊的或者后果性的损害",
        "停止使用服务",
        "注销您的账户",
        "停止向您提供服务",
        "标题仅为阅读方便而设",
    ],
}


def seed():
    out, err = StringIO(), StringIO()
    call_command("seed_agreement", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.django_db
def test_the_default_agreement_is_published_when_nothing_is():
    said, _ = seed()

    assert "version 1 is in force" in said
    assert Agreement.objects.get(slug=SLUG).required_at_sign_up
    for language, body in TEXTS.items():
        assert services.text_in_force(SLUG, language).body == body


@pytest.mark.django_db
def test_seeding_again_changes_nothing():
    seed()

    assert seed() == (f"{SLUG}: already in force.\n", "")
    assert Version.objects.count() == 1


@pytest.mark.clause("P4")
def test_a_changed_file_is_reported_and_replaces_nothing(publish):
    publish(en="# Our own terms\n")

    said, complained = seed()

    assert said == ""
    assert "en, zh-hans" in complained
    assert [text.title for text in Text.objects.in_force()] == ["Our own terms"]


def test_both_languages_are_there():
    assert set(TEXTS) == {"en", "zh-hans"}


@pytest.mark.clause("1.2")
@pytest.mark.parametrize(
    ("language", "field"), [(language, field) for language in FIELDS for field in FIELDS[language]]
)
def test_the_default_texts_name_each_of_the_nine_fields(language, field):
    assert len(FIELDS[language]) == 9
    assert field in TEXTS[language]


@pytest.mark.clause("1.3")
@pytest.mark.parametrize(
    ("language", "ground"), [(language, ground) for language in GROUNDS for ground in GROUNDS[language]]
)
def test_the_default_texts_name_each_of_the_seven_grounds(language, ground):
    assert len(GROUNDS[language]) == 7
    assert TEXTS[language].count(ground) == 1


@pytest.mark.clause("P8")
@pytest.mark.parametrize(
    ("language", "words"), [(language, words) for language in CLAUSES for words in CLAUSES[language]]
)
def test_the_default_texts_cover_the_policy(language, words):
    assert words in TEXTS[language]


def test_both_languages_number_the_same_paragraphs():
    def numbers(body):
        return [line.split()[0] for line in body.splitlines() if line[:1].isdigit()]

    assert numbers(TEXTS["en"]) == numbers(TEXTS["zh-hans"])
