import Ledger

extension RecordAnchor: DescribedOperation {
  func text(decimals: UInt8?) -> String {
    "\(collection)/\(Printable.text(key)): \(content)"
  }

  var details: OperationDetails {
    [("author", "\(author)")] + (metadata.isEmpty ? [] : [("metadata", PlainMemo.text(metadata))])
  }
}
