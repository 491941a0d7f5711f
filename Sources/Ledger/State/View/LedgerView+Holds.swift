internal import Primitives

extension LedgerView {
  /// The payer's open hold with this reference.
  package func hold(_ from: AccountName, _ reference: HoldReference) -> Hold? {
    accounts.slot(of: from).flatMap { holds.row(of: $0, reference) }.map { hold($0) }
  }

  /// What is held from an account of at most `limit` assets, in the order of their names.
  package func held(from account: AccountName, limit: Int) -> [Balance] {
    guard let slot = accounts.slot(of: account) else { return [] }
    return holds.held(from: slot, limit: limit).map {
      Balance(asset: assets.rows[Int($0.asset)].asset.name, amount: $0.amount)
    }
  }

  /// At most `limit` open holds after `position`, in the order of their expiry.
  package func holds(_ list: HoldList, after position: HoldPosition?, limit: Int) -> [Hold] {
    var found: [Hold] = []
    func take(_ row: HoldRow) -> Bool {
      guard found.count < limit else { return false }
      found.append(hold(row))
      return true
    }
    switch list {
    case .all: holds.visitAll(after: position, accounts.rows) { take($0) }
    case .from(let name):
      guard let account = accounts.slot(of: name) else { break }
      holds.visit(from: account, after: position, accounts.rows) { take($0) }
    case .to(let name):
      guard let account = accounts.slot(of: name) else { break }
      holds.visit(to: account, after: position, accounts.rows) { take($0) }
    }
    return found
  }

  private func hold(_ row: HoldRow) -> Hold { row.hold(accounts.rows, assets.rows, members.rows) }
}
