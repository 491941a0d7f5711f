public import Ledger
public import LedgerJSON
public import Primitives

/// Statements of accounts: opening, movements, closing.
extension LedgerClient {
  /// How often a statement asks again for a block that the node has not indexed yet.
  private static let attempts = 10

  /// The sums of a period. They come from the node's balances and movements, and are compared with the proofs in `period`:
  /// throws, with the amounts, if anything does not add up.
  ///
  /// The node says what the account has now; its movements, taken back one by one, lead to the amounts at both ends. So it
  /// reads all movements since the beginning of the period, one page at a time.
  public func statement(_ period: StatementPeriod) async throws(ClientError) -> ReconciledStatement {
    var page = try await firstPage(period)
    let height = page.height
    let closing = period.closing ?? height
    var assets: Set<Name> = []
    var now: [Name: AccountAmounts] = [:]
    for balance in page.balances ?? [] where period.includes(balance.asset) {
      now[balance.asset] = AccountAmounts(available: balance.units, held: balance.heldUnits ?? .zero)
    }
    var (first, last) = (StatementRewind(from: now), StatementRewind(from: now))
    var count = 0
    var reached: MovementPlace?
    while true {
      for movement in page.items.lazy.map(\.movement) {
        // A node that answers the same again and again would have this go on for ever.
        guard reached.map({ $0 < movement.place }) ?? true else { throw .statement(.outOfOrder(movement.place)) }
        reached = movement.place
        guard period.includes(movement.asset) else { continue }
        first.takeBack(movement)
        if movement.place.height > closing {
          last.takeBack(movement)
        } else {
          assets.insert(movement.asset)
          count += 1
        }
      }
      guard let next = page.next else { break }
      page = try await movements(of: period.account, from: period.opening.next, to: height, after: next, limit: 100)
    }
    let (opening, end) = (first.amounts, last.amounts)
    do throws(StatementError) {
      let reached = AccountStatement(account: period.account, after: closing, amounts: end)
      for (asset, amount) in period.provedClosing.sorted(by: { $0.key < $1.key }) {
        try reached.expect(available: amount, of: asset, at: closing, by: .proof)
      }
      let begun = AccountStatement(account: period.account, after: period.opening, amounts: opening)
      for (asset, amount) in period.provedOpening.sorted(by: { $0.key < $1.key }) {
        try begun.expect(available: amount, of: asset, at: period.opening, by: .proof)
      }
      if period.opening == .genesis { try begun.expect([:], at: .genesis, by: .genesis) }
    } catch {
      throw .statement(error)
    }
    for amounts in [opening, end] { assets.formUnion(amounts.filter { $0.value != .none }.keys) }
    assets.formUnion(period.provedOpening.keys)
    assets.formUnion(period.provedClosing.keys)
    return ReconciledStatement(
      period: period, closing: closing, openingAmounts: opening, closingAmounts: end, count: count,
      decimals: try await decimals(of: assets.sorted()))
  }

  /// Calls `body` with every movement of the period, oldest first, and what the account then has of the movement's asset.
  /// Throws if a node now answers anything else than what the sums of `statement` are about, after it passed what came before.
  public func forEachMovement(
    of statement: ReconciledStatement, _ body: (MovementView, AccountAmounts) -> Void
  ) async throws(ClientError) {
    var sums = AccountStatement(
      account: statement.account, after: statement.opening, amounts: statement.openingAmounts)
    var after: String?
    repeat {
      let page = try await movements(
        of: statement.account, from: statement.opening.next, to: statement.closing, after: after, limit: 100)
      do throws(StatementError) {
        for view in page.items where statement.period.includes(view.asset) {
          guard view.height <= statement.closing else { throw .outOfOrder(view.movement.place) }
          body(view, try sums.add(view.movement))
        }
      } catch {
        throw .statement(error)
      }
      after = page.next
    } while after != nil
    do throws(StatementError) {
      try sums.expect(statement.closingAmounts, at: statement.closing, by: .node)
    } catch {
      throw .statement(error)
    }
  }

  /// The first page of the movements since the beginning of a period, from a node that has its end.
  private func firstPage(_ period: StatementPeriod) async throws(ClientError) -> MovementsPage {
    var height = Height.genesis
    for attempt in 0..<Self.attempts {
      if attempt > 0 { try await pause(.milliseconds(100)) }
      let page = try await movements(of: period.account, from: period.opening.next, limit: 100)
      if page.height >= period.closing ?? period.opening { return page }
      height = page.height
    }
    throw .statement(.notReached(closing: period.closing ?? period.opening, height: height))
  }

  /// Proofs of what the account has of its assets, and of `assets`; with `asset` only of this one. They are of one height, unless
  /// the chain never stood still for long enough.
  public func balanceProofs(
    of account: AccountName, asset: Name?, and assets: [Name] = [], genesis: Genesis
  ) async throws(ClientError) -> [VerifiedEntry] {
    let wanted =
      if let asset { [asset] } else { Set(try await self.account(account).balances.map(\.asset) + assets).sorted() }
    var proofs: [VerifiedEntry] = []
    for _ in 0..<Self.attempts {
      proofs = []
      for asset in wanted {
        proofs.append(try await proof(.balance(account, asset: asset), genesis: genesis))
        // The rest would be of other heights, too.
        if let first = proofs.first, proofs.last?.height != first.height { break }
      }
      if proofs.count == wanted.count, Set(proofs.map(\.height)).count <= 1 { return proofs }
    }
    return proofs
  }

  /// The height of the last block whose time is before `time`; 0, which is genesis, if there is none.
  public func lastHeight(before time: Timestamp) async throws(ClientError) -> Height {
    let latest = try await latestBlock()
    guard latest.time >= time else { return latest.height }
    guard latest.height > .genesis, let first = try await blocks(limit: 1).items.first else { return .genesis }
    guard first.time < time else {
      if first.height.rawValue <= 1 { return .genesis }
      throw .statement(.beforeHistory(time, beginsAt: first.height))
    }
    // The times of blocks rise with their heights.
    var (before, after) = (first.height.rawValue, latest.height.rawValue)
    while after - before > 1 {
      let middle = before + (after - before) / 2
      guard let block = try await blocks(from: Height(middle), limit: 1).items.first, block.height.rawValue == middle
      else { throw .statement(.beforeHistory(time, beginsAt: Height(middle))) }
      if block.time < time { before = middle } else { after = middle }
    }
    return Height(before)
  }
}
