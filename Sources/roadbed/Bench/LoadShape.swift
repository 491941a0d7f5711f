/// The load that a run of `roadbed bench` sends.
struct LoadShape: Sendable {
  var clients: Int
  /// Transactions that one client has in flight at a time.
  var inFlight: Int
  /// Transactions per second; nil to send as fast as nodes answer.
  var rate: Double?
  var seconds: Double
  var warmUp: Double
  /// How many read lists meanwhile.
  var readers: Int
  /// Transfers per transaction.
  var operations: Int
  var accounts: Int
  /// The number of accounts, out of `accounts`, that the run uses.
  var hot: Int

  /// The maximum size of all transactions signed before the run, in bytes.
  private static let preparedBytes = 2 << 30
  /// Upper bounds, in bytes, for a transfer within a transaction and for a transaction without its transfers.
  private static let transferBytes = 80
  private static let frameBytes = 300
  /// Transfers per second: more than any cluster here commits.
  private static let transferLimit = 600_000.0

  /// The number of transactions to sign so that the run does not end for lack of them: more than the machine can
  /// verify, since every validator on it verifies every signature.
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
