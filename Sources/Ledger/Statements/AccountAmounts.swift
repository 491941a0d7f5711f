/// What an account has of one asset.
public struct AccountAmounts: Hashable, Sendable {
  public var available: Amount
  /// What open holds of the account set aside, which is no part of what is available.
  public var held: Amount

  public init(available: Amount = .zero, held: Amount = .zero) {
    self.available = available
    self.held = held
  }

  public static let none = AccountAmounts()
}
