import LedgerClient
import Primitives

/// One end of a period as a user gives it: a block, or a time.
enum PeriodEnd: Hashable {
  case block(Height)
  case time(Timestamp)

  private static let rule =
    "a period is given by heights, by times in UTC such as 2031-07-21T09:30:00Z, or by days such as 2031-07-21, which stand "
    + "for their beginning in UTC"

  static func argument(_ text: String) throws -> PeriodEnd { try ArgumentRule.value(PeriodEnd(text), rule) }

  init?(_ text: String) {
    if let height = UInt64(text), "\(height)" == text {
      self = .block(Height(height))
    } else if let time = Timestamp(iso8601: text) ?? Timestamp(iso8601: text + "T00:00:00Z") {
      self = .time(time)
    } else {
      return nil
    }
  }

  /// The block whose state is that of this end: of a time, the last block before it.
  func height(_ client: LedgerClient) async throws -> Height {
    switch self {
    case .block(let height): height
    case .time(let time): try await client.lastHeight(before: time)
    }
  }
}
