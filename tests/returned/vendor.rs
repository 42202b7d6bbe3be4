//! A workbook with all that a vendor's may hold.

use rust_xlsxwriter::{
    ConditionalFormatCell, ConditionalFormatCellRule, DataValidation, DocProperties, ExcelDateTime,
    Format as Look, FormatBorder, FormatPattern, Note, Shape, Workbook,
};

const HEADINGS: [&str; 4] = ["No.", "項目", "回答", "備考"];

/// A workbook with all that a vendor's may hold. Items 3 and 5 have no answer, item 4 has one that is none.
pub(crate) fn vendors() -> Vec<u8> {
    let mut book = Workbook::new();
    let fixed = ExcelDateTime::from_ymd(2026, 1, 1).unwrap();
    book.set_properties(&DocProperties::new().set_creation_datetime(&fixed));
    let cover = book.add_worksheet().set_name("表紙").unwrap();
    cover.write_string(0, 0, "社内用の表紙").unwrap();
    cover.set_repeat_rows(0, 0).unwrap();
    let sheet = book.add_worksheet().set_name("MDS '26").unwrap();
    sheet.set_active(true);
    sheet.set_repeat_rows(4, 4).unwrap();
    sheet.set_print_area(0, 0, 20, 3).unwrap();
    let edged = Look::new().set_border(FormatBorder::Thin).set_bold();
    let filled = edged.clone().set_background_color(0x00FF_FF00);
    let hatched = edged.clone().set_pattern(FormatPattern::LightUp);
    for (row, text) in (0..).zip([
        "製造業者による医療情報セキュリティ開示書",
        "作成日",
        "製造業者",
        "製品名",
    ]) {
        sheet.write_string(row, 0, text).unwrap();
    }
    for (row, text) in (1..).zip(["2026-09-30", "=見本メディカル", "<見本>カルテ & \"試\""])
    {
        sheet.write_string(row, 1, text).unwrap();
    }
    for (column, text) in (0..).zip(HEADINGS) {
        sheet.write_string(4, column, text).unwrap();
    }
    let questions = [
        "利用者ごとにIDを発行する",
        "データのバックアップを取る",
        "通信を暗号化する",
        "操作の記録を残す",
        "時刻を合わせる",
        "利用者を認証する",
        "保守の記録を残す",
        "離席時に画面を隠す",
    ];
    let words = "=HYPERLINK(\"http://x\")";
    let answers = ["はい", "いいえ", "", words, "", "はい", "はい", "はい"];
    for (row, (question, answer)) in (5..).zip(questions.iter().zip(answers)) {
        let number = (row - 4).to_string();
        sheet.write_string(row, 0, number).unwrap();
        sheet.write_string(row, 1, *question).unwrap();
        let look = if row == 8 { &filled } else { &edged };
        match answer {
            "" if row == 9 => sheet.write_blank(row, 2, &hatched).unwrap(),
            "" => sheet,
            answer => sheet
                .write_string_with_format(row, 2, answer, look)
                .unwrap(),
        };
    }
    let list = DataValidation::new()
        .allow_list_strings(&["はい", "いいえ", "対象外"])
        .unwrap();
    sheet.add_data_validation(5, 2, 9, 2, &list).unwrap();
    let rule = ConditionalFormatCell::new()
        .set_rule(ConditionalFormatCellRule::EqualTo("いいえ"))
        .set_format(Look::new().set_bold());
    sheet.add_conditional_format(5, 2, 9, 2, &rule).unwrap();
    sheet
        .insert_note(
            7,
            2,
            &Note::new("次期更新で対応する予定").set_author("山田"),
        )
        .unwrap();
    sheet
        .insert_note(5, 3, &Note::new("社内メモ").set_author("山田"))
        .unwrap();
    let shape = Shape::textbox()
        .set_text("補足")
        .set_width(40)
        .set_height(16);
    sheet.insert_shape_with_offset(12, 4, &shape, 2, 1).unwrap();
    book.define_name("'MDS ''26'!総数", "='MDS ''26'!$A$6")
        .unwrap();
    book.save_to_buffer().unwrap()
}
