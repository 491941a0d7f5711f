public import Primitives

/// Why the movements of an account do not make a statement.
public enum StatementError: Error, Hashable, Sendable {
  /// The part of an account's amounts that an error is about.
  public enum Part: String, Sendable { case available, held }
  /// What says the amount with which the movements do not agree.
  public enum Witness: Hashable, Sendable { case proof, node, genesis }

  /// A movement is not after the one before, or not in the period.
  case outOfOrder(MovementPlace)
  /// A movement takes more than there is, or gives more than an amount can be.
  case impossible(Movement, Part, before: Amount)
  /// What the movements lead to at a height is not what there was.
  case different(
    AccountName, asset: Name, Part, height: Height, counted: Amount, known: Amount, by: Witness)
  /// The proof is not one of a balance of the account.
  case otherProof(AccountName, StateKey)
  /// The proofs of one end of the period are of different heights.
  case proofsApart(asset: Name, Height, other: Name, Height)
  /// The period ends before it begins.
  case reversed(opening: Height, closing: Height)
  /// The node does not have the last block of the period yet.
  case notReached(closing: Height, height: Height)
  /// The node no longer has the blocks that say where the period begins.
  case beforeHistory(Timestamp, beginsAt: Height)
}

extension StatementError: ExplainedError {
  public var code: String {
    switch self {
    case .outOfOrder: "statement.out-of-order"
    case .impossible: "statement.impossible"
    case .different: "statement.does-not-reconcile"
    case .otherProof: "statement.other-proof"
    case .proofsApart: "statement.proofs-apart"
    case .reversed: "statement.reversed"
    case .notReached: "statement.not-reached"
    case .beforeHistory: "statement.before-history"
    }
  }

  public var explanation: String {
    switch self {
    case .outOfOrder(let place): "the movement of \(place) is out of order, or outside the period"
    case .impossible(let movement, let part, let before):
      "the movement \(movement.kind.rawValue) of \(movement.place) changes what is \(part.rawValue) of "
        + "\(movement.asset) by \((part == .available ? movement.available : movement.held).text()) units, of \(before)"
    case .different(let account, let asset, let part, let height, let counted, let known, let witness):
      "the movements of \(account) do not add up: after block \(height) they lead to \(counted) units of \(asset) "
        + "\(part.rawValue), but \(witness.text) \(known) units"
    case .otherProof(let account, let key): "the proof is about \(key), and not about a balance of \(account)"
    case .proofsApart(let asset, let height, let other, let otherHeight):
      "the proof of \(asset) is of block \(height) and that of \(other) of block \(otherHeight), but one end of a period is "
        + "one block"
    case .reversed(let opening, let closing):
      "the period begins after block \(opening) and ends with block \(closing), which is before"
    case .notReached(let closing, let height):
      "the period ends with block \(closing), but the last final block of the node is \(height)"
    case .beforeHistory(let time, let height):
      "the node keeps no block below \(height), so it cannot say which was the last before \(time.iso8601)"
    }
  }

  public var nextStep: String {
    switch self {
    case .outOfOrder, .impossible: "do not rely on this node's answer; ask another node"
    case .different(_, _, _, _, _, _, .proof):
      "a movement is missing, wrong or added, or the file is of another account: ask another node, with the same proofs"
    case .different: "a movement is missing, wrong or added: ask another node"
    case .otherProof: "give a file of `roadbed proof get balance` for this account"
    case .proofsApart:
      "fetch the proofs again one after another while the chain is idle, or make a statement of one asset"
    case .reversed: "give a beginning that is not after the end"
    case .notReached: "ask again once the block is final, or ask another node"
    case .beforeHistory: "ask a node that keeps all blocks, or let the period begin later"
    }
  }
}

extension StatementError.Witness {
  fileprivate var text: String {
    switch self {
    case .proof: "the proof says"
    case .node: "the node says that there were"
    case .genesis: "the chain begins with"
    }
  }
}
