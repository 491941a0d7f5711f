import Foundation
import Primitives

/// The wall clock, in the ledger's units.
enum SystemClock {
  static var now: Timestamp {
    Timestamp(UInt64(max(0, Date().timeIntervalSince1970) * 1000))
  }
}
