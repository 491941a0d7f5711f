import Ledger
import Primitives

/// The words of certificate pages in Simplified Chinese. They contain no Latin letters: whatever is written in those is the
/// same in every language.
struct ChineseWords: CertificateWords {
  var title: Phrase { "交易最终确认证明书" }
  var programs: Phrase { "使用两种程序核验" }
  var byHand: Phrase { "人工核验" }
  var noRoles: Phrase { "无" }
  var failed: Phrase { "此项操作失败。" }
  var comma: Phrase { "、" }

  func status(isApplied: Bool) -> Phrase { isApplied ? "已生效" : "未生效" }

  func heading(_ section: CertificateSection, isApplied: Bool) -> Phrase {
    switch section {
    case .operations: isApplied ? "约定事项" : "申请事项（均未生效）"
    case .signatures: "交易签署人"
    case .place: "入链时间与位置"
    case .confirmation: "作出确认的验证节点"
    case .epochs: "自创世文件起的验证节点沿革"
    case .digests: "各项摘要"
    case .verification: "核验方法"
    case .about: "关于本页"
    }
  }

  func text(_ text: LedgerText) -> Phrase {
    switch (text.shown, text.hex) {
    case (let shown?, nil): "\(quote: shown)"
    case (let shown?, let hex?): "\(quote: shown)，其中不可见字符均以 \(code: "U+FFFD") 代替；原始字节为 \(code: hex)"
    case (nil, let hex): "非文本字节：\(code: hex ?? "")"
    }
  }

  func outcome(_ code: OutcomeCode) -> Phrase {
    "\(status(isApplied: code == .applied)) [\(code: code.code)]：\(explanation(code))"
  }

  func role(_ name: String) -> Phrase {
    switch name {
    case "administrator": "管理员（\(code: name)）"
    case "issuer": "发行人（\(code: name)）"
    case "notary": "存证人（\(code: name)）"
    case "participant": "参与人（\(code: name)）"
    case "registrar": "登记员（\(code: name)）"
    case "auditor": "审计员（\(code: name)）"
    default: "\(code: name)"
    }
  }

  func position(_ index: Int, of count: Int) -> Phrase {
    "第 \(value: index + 1) 项，共 \(value: count) 项（索引 \(value: index)）"
  }

  func vote(isSigned: Bool) -> Phrase { isSigned ? "已签署" : "未签署" }

  func share(_ signed: Int, ofQuorum quorum: Int) -> Phrase { "\(value: signed)，共需 \(value: quorum)" }

  func section(_ number: Int, of document: String) -> Phrase { "（\(code: document) 第 \(value: number) 节）" }
}
