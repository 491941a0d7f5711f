package import Ledger
internal import Primitives

extension HoldPlace: DescribedOperation {
  package func text(decimals: UInt8?) -> String {
    "\(amount.text(of: asset, decimals: decimals)) from \(from) to \(to) as \(reference.text) until \(expires.iso8601)"
      + (arbiter.map { ", arbiter \($0)" } ?? "")
  }

  package var details: OperationDetails { .units(amount) }
}

extension HoldCapture: DescribedOperation {
  package func text(decimals: UInt8?) -> String {
    "\(amount.text(of: asset, decimals: decimals)) from \(from) to \(to) of \(reference.text)"
      + (closes ? ", which ends it" : "")
  }

  package var details: OperationDetails { .units(amount) }
}

extension HoldRelease: DescribedOperation {
  package func text(decimals: UInt8?) -> String { "\(asset) from \(from) to \(to) of \(reference.text)" }

  package var details: OperationDetails { [] }
}

extension HoldReference {
  /// The reference in quotation marks, safe to print.
  package var text: String { "'\(Printable.text(description))'" }
}
