import Ledger
import Primitives

/// The steps in which a receipt is verified by hand. Each follows from a section of Documentation/formats.md.
enum CertificateStep {
  case genesis
  case transaction
  case transactionTree(index: UInt32, leaves: UInt32, path: Int)
  case block
  case outcomeTree(index: UInt32, leaves: UInt32, path: Int)
  case result(Domain)
  case descent(headers: Int)
  case closings(Int)
  case finalization(signatures: Int)

  /// The section of the document that says it byte by byte.
  var section: Int {
    switch self {
    case .genesis, .closings: 10
    case .transaction: 5
    case .transactionTree: 6
    case .block: 7
    case .outcomeTree, .result: 8
    case .finalization: 9
    case .descent: 11
    }
  }
}
