//! The words that generated sheets are made of. All are this project's own; no form asks so.

/// What is asked about a topic.
pub(crate) const PREDICATES: [&str; 7] = [
    "に必要な機能を備えていますか。",
    "の手順を文書で定めていますか。",
    "の状況を定期的に点検していますか。",
    "について医療機関へ説明していますか。",
    "に関する記録を三年以上保存していますか。",
    "を担当する責任者を置いていますか。",
    "を停止した場合の影響を示していますか。",
];

/// Names of makers before their number.
pub(crate) const MAKERS: [&str; 8] = [
    "みなと医療システム",
    "青空ヘルスケア",
    "川辺画像機器",
    "見本電子工業",
    "北山メディカル",
    "ひかり情報サービス",
    "さくら検査機器",
    "東雲クラウド",
];

/// Names of products before their number.
pub(crate) const PRODUCTS: [&str; 8] = [
    "電子カルテ",
    "部門検査システム",
    "画像サーバ",
    "予約サービス",
    "生体情報モニタ",
    "調剤支援",
    "遠隔読影",
    "健診管理",
];

/// Remarks as people write them.
pub(crate) const REMARKS: [&str; 12] = [
    "次期バージョンで対応予定です",
    "オプション契約が必要です",
    "サーバは院内に設置します",
    "OS標準の機能を使用します。設定手順は導入時の説明書に記載しています",
    "TLS 1.3 を使用",
    "導入時の設定による",
    "クライアント端末のみ対象です",
    "1日1回、夜間に自動で実施します",
    "他社製品と組み合わせて実施するため",
    "当該機能を持たないため対象外",
    "保守契約に含まれます。詳細は営業担当までお問い合わせください",
    "2027年3月までに対応します & 改版時に通知します",
];

/// Notes of an English sheet.
pub(crate) const NOTES: [&str; 6] = [
    "__",
    "Note 1",
    "See Note 2",
    "Depends on configuration at installation.",
    "Available as an option; contact service.",
    "The device does not store this kind of data.",
];
