/// What a run of `roadbed bench` sends.
struct LoadShape: Sendable {
  var clients: Int
  /// Transactions that one client has in flight at once.
  var inFlight: Int
  /// Transactions a second; nil: as fast as they are answered.
  var rate: Double?
  var seconds: Double
  var warmUp: Double
  /// Transfers in a transaction.
  var operations: Int
  var accounts: Int
  /// How many of the accounts the run uses.
  var hot: Int

  /// The most bytes of transactions that are signed before the run.
  private static let preparedBytes = 2 << 30
  /// The most bytes of a transfer within a transaction, and of a transaction without its transfers.
  private static let transferBytes = 80
  private static let frameBytes = 300
  /// More transfers a second than any cluster here commits.
  private static let transferLimit = 600_000.0

  /// Enough that the run does not end for lack of transactions: more than the machine can verify, since each of its
  /// validators verifies every signature.
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
