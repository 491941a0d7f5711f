/// What a run of `roadbed bench` sends.
struct LoadShape: Sendable {
  var clients: Int
  /// Transactions of one client that are on the way at once.
  var inFlight: Int
  /// Transactions a second; nil: as many as come back.
  var rate: Double?
  var seconds: Double
  var warmUp: Double
  /// Transfers in a transaction.
  var operations: Int
  var accounts: Int
  /// How many of the accounts are used.
  var hot: Int

  /// Bytes that signed transactions may take at most before the run.
  private static let preparedBytes = 2 << 30
  /// What a transfer takes of a transaction, and what a transaction takes beside its transfers, at most.
  private static let transferBytes = 80
  private static let frameBytes = 300
  /// More transfers a second than any cluster here commits.
  private static let transferLimit = 600_000.0

  /// Enough that the run does not end for lack of transactions: more than a machine can check signatures of, which all
  /// its validators do for each.
  func transactionsNeeded(verifyLimit: Double, validators: Int) -> Int {
    let time = seconds + warmUp
    let perSecond =
      rate
      ?? min(
        verifyLimit * min(1.2, 3 / Double(validators)), Self.transferLimit / Double(operations) + 100)
    let wanted = Int(perSecond * time) + clients * inFlight
    return min(wanted, Self.preparedBytes / (Self.frameBytes + operations * Self.transferBytes))
  }
}
