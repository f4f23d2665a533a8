"""The bureau as an issuing organ, and the plan as what it is: a draft without number that no notice can rest on."""

import datetime as dt

from django.db import migrations

ORGAN_KEY = "baise-science-bureau"
PLAN_TITLE = "百色市科技创新支撑产业高质量发展三年行动实施方案（2018—2020年）"


def add(apps, schema_editor):
    organ = apps.get_model("documents", "Organ").objects.create(key=ORGAN_KEY)
    apps.get_model("documents", "OrganName").objects.create(
        organ=organ,
        name="百色市科学技术局",
        mark_name="百色市科学技术局",
        number_prefix="百科字",
        valid_from=dt.date(2022, 3, 11),
        source=(
            "百科字〔2022〕8号（2022-03-11）落款与文号。改名日期未核；此前简称“市科知局”，全称与文号字头未核，"
            "故此前日期没有可用名称，须由管理员据文件补录。"
        ),
    )
    apps.get_model("documents", "PolicyDocument").objects.create(
        title=PLAN_TITLE,
        issuer="百色市人民政府",
        is_formal=False,
        source="2019年1月17日政府常务会后修改稿；无发文字号、成文日期和印章，不是已印发文件。",
        mark="read",
    )


def remove(apps, schema_editor):
    apps.get_model("documents", "OrganName").objects.filter(organ__key=ORGAN_KEY).delete()
    apps.get_model("documents", "Organ").objects.filter(key=ORGAN_KEY).delete()
    apps.get_model("documents", "PolicyDocument").objects.filter(
        title=PLAN_TITLE, document_number=""
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
