public import Primitives

/// Adds up the movements of an account between two blocks: opening, movements, closing.
///
/// Give it every movement of the period in order. Nothing here knows whether they are all: `expect` compares what they lead
/// to with what is known of a height, such as what a proof says, and that is as much as the sums can show.
public struct AccountStatement: Hashable, Sendable {
  public let account: AccountName
  /// The opening amounts are those after this block.
  public let opening: Height
  /// The amounts at the beginning, by asset. An asset that is not named had nothing.
  public let openingAmounts: [Name: AccountAmounts]
  /// The amounts after the last movement, by asset.
  public private(set) var amounts: [Name: AccountAmounts]
  /// The number of movements so far.
  public private(set) var count = 0
  private var last: MovementPlace?

  public init(account: AccountName, after opening: Height, amounts: [Name: AccountAmounts]) {
    self.account = account
    self.opening = opening
    openingAmounts = amounts
    self.amounts = amounts
  }

  /// Adds the next movement, and returns what the account then has of the movement's asset.
  @discardableResult
  public mutating func add(_ movement: Movement) throws(StatementError) -> AccountAmounts {
    guard movement.place.height > opening, last.map({ $0 < movement.place }) ?? true else {
      throw .outOfOrder(movement.place)
    }
    let before = amounts[movement.asset] ?? .none
    guard let available = before.available.changed(by: movement.available) else {
      throw .impossible(movement, .available, before: before.available)
    }
    guard let held = before.held.changed(by: movement.held) else {
      throw .impossible(movement, .held, before: before.held)
    }
    let after = AccountAmounts(available: available, held: held)
    amounts[movement.asset] = after
    last = movement.place
    count += 1
    return after
  }

  /// Throws if the movements so far do not lead to this available amount. `height` must be that of the period's end so far.
  public func expect(
    available known: Amount, of asset: Name, at height: Height, by witness: StatementError.Witness
  ) throws(StatementError) {
    let counted = (amounts[asset] ?? .none).available
    guard counted == known else {
      throw .different(
        account, asset: asset, .available, height: height, counted: counted, known: known, by: witness)
    }
  }

  /// Throws if the movements so far do not lead to exactly these amounts.
  public func expect(
    _ known: [Name: AccountAmounts], at height: Height, by witness: StatementError.Witness
  ) throws(StatementError) {
    for asset in Set(known.keys).union(amounts.keys).sorted() {
      let (one, other) = (amounts[asset] ?? .none, known[asset] ?? .none)
      try expect(available: other.available, of: asset, at: height, by: witness)
      guard one.held == other.held else {
        throw .different(
          account, asset: asset, .held, height: height, counted: one.held, known: other.held, by: witness)
      }
    }
  }
}
