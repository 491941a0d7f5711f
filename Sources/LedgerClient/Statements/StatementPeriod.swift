public import Ledger
public import Primitives

/// What a statement is asked for: an account, the blocks between which it is, and what is known of its balances there.
public struct StatementPeriod: Sendable {
  public let account: AccountName
  /// The opening amounts are those after this block.
  public let opening: Height
  /// The closing amounts are those after this block; nil for the newest final one.
  public let closing: Height?
  /// Only what concerns this asset; nil for all.
  public let asset: Name?
  /// What proofs say of the balances at both ends, by asset.
  public let provedOpening: [Name: Amount]
  public let provedClosing: [Name: Amount]

  /// The period between two blocks, of which nothing is proved.
  public init(
    account: AccountName, after opening: Height, through closing: Height?, asset: Name? = nil
  ) throws(ClientError) {
    try self.init(account: account, opening: opening, closing: closing, asset: asset, [], [])
  }

  /// The period whose ends are where the proofs are about, each a proof of a balance of the account. Without proofs of one
  /// end, its height is `opening` or `closing`.
  public init(
    account: AccountName, opening: Height, closing: Height?, asset: Name? = nil, _ openingProofs: [VerifiedEntry],
    _ closingProofs: [VerifiedEntry]
  ) throws(ClientError) {
    do throws(StatementError) {
      let (first, known) = try Self.balances(of: account, openingProofs)
      let (last, knownAtEnd) = try Self.balances(of: account, closingProofs)
      self.account = account
      self.opening = first ?? opening
      self.closing = last ?? closing
      self.asset = asset
      provedOpening = known.filter { asset == nil || $0.key == asset }
      provedClosing = knownAtEnd.filter { asset == nil || $0.key == asset }
      if let end = self.closing, end < self.opening { throw .reversed(opening: self.opening, closing: end) }
    } catch {
      throw .statement(error)
    }
  }

  /// The balances that proofs of one end show, and their height.
  private static func balances(
    of account: AccountName, _ proofs: [VerifiedEntry]
  ) throws(StatementError) -> (Height?, [Name: Amount]) {
    var balances: [Name: Amount] = [:]
    var first: (asset: Name, height: Height)?
    for proof in proofs {
      guard case .balance(account, let asset) = proof.key else { throw .otherProof(account, proof.key) }
      if let first, first.height != proof.height {
        throw .proofsApart(asset: first.asset, first.height, other: asset, proof.height)
      }
      first = first ?? (asset, proof.height)
      if case .balance(_, _, let amount) = proof.entry {
        balances[asset] = amount
      } else {
        balances[asset] = .zero
      }
    }
    return (first?.height, balances)
  }

  func includes(_ asset: Name) -> Bool { self.asset == nil || self.asset == asset }
}
