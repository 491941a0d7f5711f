import Ledger
import LedgerJSON

/// Operations as lines for people.
enum OperationText {
  /// Lines that are shown of a long list.
  private static let limit = 20

  static func print(_ operations: [RenderedOperation], indent: Int) {
    let space = String(repeating: " ", count: indent)
    for operation in operations.prefix(limit) { Console.print(space + line(operation)) }
    if operations.count > limit { Console.print(space + "… and \(operations.count - limit) more") }
  }

  static func line(_ rendered: RenderedOperation) -> String {
    func amount(_ units: Amount, _ asset: Name) -> String {
      guard let decimals = rendered.decimals else { return "\(units) units of \(asset)" }
      return "\(units.text(decimals: Int(decimals))) \(asset)"
    }
    let kind = rendered.operation.kind.name
    switch rendered.operation {
    case .memberAdd(let name, _, let authority), .memberUpdate(let name, let authority):
      let roles = authority.roles.names
      return "\(kind) \(name): \(roles.isEmpty ? "no roles" : roles.joined(separator: ", "))"
    case .memberSuspend(let name, _), .memberRestore(let name):
      return "\(kind) \(name)"
    case .accountOpen(let account, _), .accountFreeze(let account), .accountUnfreeze(let account):
      return "\(kind) \(account)"
    case .assetDefine(let asset, let issuer, let decimals, _):
      return "\(kind) \(asset) by \(issuer), \(decimals) decimals"
    case .assetIssue(let asset, let account, let units):
      return "\(kind) \(amount(units, asset)) to \(account)"
    case .assetRetire(let asset, let account, let units):
      return "\(kind) \(amount(units, asset)) from \(account)"
    case .assetTransfer(let asset, let from, let to, let units, let memo):
      let text = PlainMemo.text(memo)
      return "\(kind) \(amount(units, asset)) from \(from) to \(to)\(text.isEmpty ? "" : ": \(text)")"
    case .recordAnchor(_, let collection, let key, let content, _):
      return "\(kind) \(collection)/\(Printable.text(key)): \(content)"
    }
  }
}

/// What became of a transaction, for people.
enum OutcomeText {
  static func of(_ outcome: TransactionOutcome) -> String { of(OutcomeView(outcome)) }

  static func of(_ outcome: OutcomeView) -> String {
    if outcome.applied { return Console.styled("applied", .green) }
    let place = outcome.operation.map { " at operation \($0)" } ?? ""
    return Console.styled("FAILED", .red) + "\(place) [\(outcome.code)]: \(outcome.explanation)"
  }
}

/// Text from the ledger may hold what moves a terminal's cursor; shown are only visible characters.
enum Printable {
  static func text(_ text: String) -> String {
    String(
      text.unicodeScalars.map { scalar -> Character in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: "\u{FFFD}"
        default: Character(scalar)
        }
      })
  }
}

/// A memo as text, or its bytes as hexadecimal digits.
enum PlainMemo {
  static func text(_ memo: [UInt8]) -> String {
    guard let text = String(validating: memo, as: UTF8.self) else {
      return memo.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
    return Printable.text(text)
  }
}

extension Sequence where Element: Hashable {
  /// The elements, each once, in the order of their first appearance.
  func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
