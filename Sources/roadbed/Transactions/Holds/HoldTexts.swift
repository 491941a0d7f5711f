import Ledger
import Primitives

extension HoldPlace: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(amount.text(of: asset, decimals: decimals)) from \(from) to \(to) as \(reference.text) until \(expires.iso8601)"
      + (arbiter.map { ", arbiter \($0)" } ?? "")
  }

  var details: OperationDetails { .units(amount) }
}

extension HoldCapture: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(amount.text(of: asset, decimals: decimals)) from \(from) to \(to) of \(reference.text)"
      + (closes ? ", which ends it" : "")
  }

  var details: OperationDetails { .units(amount) }
}

extension HoldRelease: DescribedOperation {
  func text(decimals: UInt8?) -> String { "\(asset) from \(from) to \(to) of \(reference.text)" }

  var details: OperationDetails { [] }
}

extension HoldReference {
  /// The reference in quotation marks, safe to print.
  var text: String { "'\(Printable.text(description))'" }
}
