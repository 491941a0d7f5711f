/// By how much an amount rises or falls.
public struct AmountChange: Hashable, Sendable {
  public let amount: Amount
  /// False for a change of zero.
  public let isFall: Bool

  private init(_ amount: Amount, isFall: Bool) {
    self.amount = amount
    self.isFall = isFall
  }

  public static let none = AmountChange(.zero, isFall: false)

  public static func rise(_ amount: Amount) -> AmountChange { AmountChange(amount, isFall: false) }

  public static func fall(_ amount: Amount) -> AmountChange { AmountChange(amount, isFall: amount != .zero) }

  /// The text of a change in smallest units, such as `-1250`, or with a point if `decimals` is above 0.
  public func text(decimals: Int = 0) -> String { (isFall ? "-" : "") + amount.text(decimals: decimals) }

  /// Reads what `text` writes, and nothing else.
  public init?(_ text: some StringProtocol) {
    guard let amount = Amount(decimal: text.hasPrefix("-") ? String(text.dropFirst()) : String(text), decimals: 0)
    else {
      return nil
    }
    self.init(amount, isFall: text.hasPrefix("-") && amount != .zero)
    guard self.text() == text else { return nil }
  }
}

extension Amount {
  /// The amount after a change; nil if it is below zero, or 2^128 or more.
  public func changed(by change: AmountChange) -> Amount? {
    change.isFall ? subtracting(change.amount) : adding(change.amount)
  }

  /// What the amount was before a change, modulo 2^128. So the result of a series does not depend on its order, and it is
  /// exact if what it stands for is an amount.
  func unwound(by change: AmountChange) -> Amount {
    Amount(change.isFall ? rawValue &+ change.amount.rawValue : rawValue &- change.amount.rawValue)
  }
}
