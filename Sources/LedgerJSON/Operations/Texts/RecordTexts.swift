package import Ledger

extension RecordAnchor: DescribedOperation {
  package func text(decimals: UInt8?) -> String {
    "\(collection)/\(Printable.text(key)): \(content)"
  }

  package var details: OperationDetails {
    [("author", "\(author)")] + (metadata.isEmpty ? [] : [("metadata", PlainMemo.text(metadata))])
  }
}
