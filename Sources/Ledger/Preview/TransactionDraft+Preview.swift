internal import Primitives

extension TransactionDraft {
  /// The number of operations that can change who may act, and of the keys that they name. These take longest to try, and in
  /// a block only administrators can make nodes execute them.
  public var authorityChanges: Int {
    var count = 0
    var cursor = OperationCursor(unsignedBytes.span.bytes, count: operationCount)
    while let operation = cursor.next() {
      guard operation.changesAuthority else { continue }
      count += 1
      switch operation {
      case .memberAdd(let operation): count += operation.authority.keyCount
      case .memberUpdate(let operation): count += operation.authority.keyCount
      default: break
      }
    }
    return count
  }
}
