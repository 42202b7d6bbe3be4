//! A disclosure as its sender means it, before anybody draws it: a form, a head, and an answer to each item.

use std::sync::Arc;

use kaijisho::{Answer, Catalog, Form, Language, State};

use super::random::Random;

/// What a disclosure says.
#[derive(Clone, Debug)]
pub(crate) struct Logic {
    pub(crate) form: Arc<Form>,
    pub(crate) language: Language,
    pub(crate) head: Head,
    pub(crate) items: Vec<LogicItem>,
}

/// The head of a disclosure.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    /// Year, month, day.
    pub(crate) date: (i16, i8, i8),
    pub(crate) manufacturer: String,
    pub(crate) product: String,
    pub(crate) model: String,
    pub(crate) version: String,
}

/// An item and what is said about it.
#[derive(Clone, Debug)]
pub(crate) struct LogicItem {
    pub(crate) number: String,
    /// The chapter it belongs to.
    pub(crate) section: String,
    pub(crate) question: String,
    pub(crate) said: Said,
    pub(crate) remark: Option<String>,
}

/// What is said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Said {
    Nothing,
    One(Answer),
    /// Two answers at once.
    Both(Answer, Answer),
    /// A word that is no answer.
    Word(&'static str),
}

impl Said {
    /// The clear answer and the state.
    pub(crate) fn read(&self) -> (Option<Answer>, State) {
        match self {
            Said::Nothing => (None, State::Unanswered),
            Said::One(answer) => (Some(*answer), State::Answered),
            Said::Both(..) => (None, State::Conflicting),
            Said::Word(_) => (None, State::Unknown),
        }
    }

    /// True if this answer is ticked.
    pub(crate) fn ticks(&self, answer: Answer) -> bool {
        match self {
            Said::Nothing | Said::Word(_) => false,
            Said::One(one) => *one == answer,
            Said::Both(one, other) => *one == answer || *other == answer,
        }
    }
}

/// The three answers of these forms.
pub(crate) const THREE: [Answer; 3] = [Answer::Yes, Answer::No, Answer::Na];

/// Words that are no clear answer.
const UNCLEAR: [&str; 4] = ["一部対応", "検討中", "△", "別紙参照"];

/// Remarks as people write them: with answers, numbers and dates in them, in lines, in brackets.
const REMARKS: [&str; 16] = [
    "次期バージョンで対応予定です",
    "オプション契約が必要です",
    "はい（オプション導入時）",
    "サーバは院内に設置",
    "2027年3月までに対応します",
    "OS標準の機能を使用\n設定手順は別途ご案内します",
    "いいえの場合は別途ご相談ください",
    "TLS 1.3",
    "39.2と同じ仕組みによる",
    "※詳細は営業担当までお問い合わせください",
    "導入時の設定による（有・無を選択）",
    "クライアントのみ",
    "=SUM(A1)のような計算式は使いません",
    "1日1回、夜間に実施",
    "（株）見本商事の製品を併用",
    "他社製品にて実施のため",
];

/// The id of a form that nobody knows: what a filled sheet says about itself.
pub(crate) const UNKNOWN: &str = "derived-mds";

/// What such a form asks about, and how.
const SUBJECTS: [&str; 12] = [
    "利用者の識別と認証",
    "アクセス権限の管理",
    "操作記録の取得",
    "診療データの暗号化",
    "外部媒体の利用制限",
    "不正プログラムへの対処",
    "遠隔からの保守",
    "データの控えの取得",
    "障害時の代替手段",
    "無線による接続",
    "文書への電子署名",
    "委託先の監督",
];
const PREDICATES: [&str; 7] = [
    "に必要な機能を備えていますか。",
    "の手順を文書で定めていますか。",
    "の状況を定期的に点検していますか。",
    "について医療機関へ説明していますか。",
    "に関する記録を三年以上保存していますか。",
    "を担当する責任者を置いていますか。",
    "を停止した場合の影響を示していますか。",
];

/// A form of five chapters, with 1.10 beside 1.1 and numbers of three levels, in words of no other form.
fn unknown_form() -> Arc<Form> {
    let mut text = String::from(
        "schema = \"kaijisho/form/1\"\nid = \"derived-mds\"\nfamily = \"mds\"\nedition = \"1\"\nlanguage = \"ja\"\n\
         title = { ja = \"様式\", en = \"Form\" }\nprovenance = { ja = \"試験\", en = \"test\" }\n\
         compare_text = true\nchoices = [\"yes\", \"no\", \"na\"]\n[recognise]\ntitles = [\"MDS\"]\n",
    );
    for (at, name) in CHAPTERS.iter().enumerate() {
        text.push_str(&format!(
            "[[section]]\nid = \"{}\"\ntitle = {{ ja = \"{name}\", en = \"{name}\" }}\n",
            at + 1
        ));
    }
    let mut asked = 0;
    let mut item = |chapter: usize, number: String| {
        // Seven and twelve have no common divisor, so no question comes twice.
        let question = format!("{}{}", SUBJECTS[asked % 12], PREDICATES[asked % 7]);
        asked += 1;
        text.push_str(&format!(
            "[[item]]\nnumber = \"{number}\"\nsection = \"{chapter}\"\ntitle = {{ ja = \"{question}\", en = \"{question}\" }}\n"
        ));
    };
    for chapter in 1..=CHAPTERS.len() {
        for second in 1..=[11, 4, 12, 3, 10][chapter - 1] {
            item(chapter, format!("{chapter}.{second}"));
            for third in 1..=[0, 0, 2, 0, 3][(chapter + second) % 5] {
                item(chapter, format!("{chapter}.{second}.{third}"));
            }
        }
    }
    let catalog = Catalog::parse(&text, UNKNOWN).expect("a form");
    catalog.forms()[0].clone()
}

const CHAPTERS: [&str; 5] = [
    "組織と体制",
    "機器と設備",
    "利用者と権限",
    "通信",
    "保存と記録",
];

impl Logic {
    /// The reference form filled by chance: every answer, blanks, contradictions, words that are none.
    pub(crate) fn of(form: &str, seed: u64) -> Self {
        Self::filled(form, seed, true)
    }

    /// The same with clear answers only.
    pub(crate) fn clear(form: &str, seed: u64) -> Self {
        Self::filled(form, seed, false)
    }

    fn filled(form: &str, seed: u64, odd: bool) -> Self {
        let random = &mut Random::new(seed);
        let form = if form == UNKNOWN {
            unknown_form()
        } else {
            Catalog::bundled().form(form).expect("a bundled form")
        };
        let items = form
            .items
            .iter()
            .map(|item| {
                let said = said(random, odd);
                let remark = match said {
                    Said::One(Answer::Na) => !random.once_in(12),
                    Said::One(_) => random.once_in(4),
                    Said::Word(_) | Said::Both(..) => random.once_in(2),
                    Said::Nothing => random.once_in(6),
                };
                LogicItem {
                    number: item.number.to_string(),
                    section: form.section_of(item).title.ja.clone(),
                    question: item.title.ja.clone(),
                    said,
                    remark: remark.then(|| (*random.of(&REMARKS)).to_owned()),
                }
            })
            .collect();
        Self {
            form,
            language: Language::Ja,
            head: head(random),
            items,
        }
    }

    /// The same in English.
    pub(crate) fn in_english(mut self) -> Self {
        for (item, known) in self.items.iter_mut().zip(&self.form.items) {
            item.question.clone_from(&known.title.en);
            item.section
                .clone_from(&self.form.section_of(known).title.en);
            item.remark = item
                .remark
                .take()
                .map(|_| "Planned for the next release".to_owned());
            if let Said::Word(word) = &mut item.said {
                *word = "partly";
            }
        }
        self.language = Language::En;
        self
    }

    pub(crate) fn is_english(&self) -> bool {
        self.language == Language::En
    }

    /// The title of the sheet.
    pub(crate) fn title(&self) -> String {
        let title = if self.is_english() && self.form.family.is_service() {
            "Reference form for the disclosure by service providers (SDS)"
        } else if self.is_english() {
            "Reference form for the disclosure by manufacturers (MDS)"
        } else if self.form.family.is_service() {
            "サービス事業者による医療情報セキュリティ開示書"
        } else {
            "製造業者による医療情報セキュリティ開示書"
        };
        title.to_owned()
    }

    /// The items chapter by chapter.
    pub(crate) fn chapters(&self) -> Vec<&[LogicItem]> {
        self.items
            .chunk_by(|one, next| one.section == next.section)
            .collect()
    }
}

fn said(random: &mut Random, odd: bool) -> Said {
    match random.below(40) {
        0 | 1 if odd => Said::Nothing,
        2 if odd => Said::Both(Answer::Yes, Answer::No),
        3 if odd => Said::Word(random.of::<&str>(&UNCLEAR)),
        4..=20 => Said::One(Answer::Yes),
        21..=32 => Said::One(Answer::No),
        _ => Said::One(Answer::Na),
    }
}

fn head(random: &mut Random) -> Head {
    let day = i8::try_from(1 + random.below(28)).expect("a day");
    let month = i8::try_from(1 + random.below(9)).expect("a month");
    Head {
        date: (2026, month, day),
        manufacturer: (*random.of(&[
            "見本メディカル株式会社",
            "株式会社サンプル・ヘルスケア",
            "見本電子工業（株）",
        ]))
        .to_owned(),
        product: (*random.of(&[
            "見本カルテ",
            "見本PACSサーバ",
            "クラウド見本診療",
            "Sample EMR 7",
        ]))
        .to_owned(),
        model: (*random.of(&["KJ-100", "EMR7-S/2", "MH-2000A"])).to_owned(),
        version: (*random.of(&["3.2", "Ver.4.1.0", "第5版", "2026.1"])).to_owned(),
    }
}
