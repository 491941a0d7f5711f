internal import Primitives

/// Walks the operations of a transaction whose bytes were checked before.
public struct OperationCursor: ~Escapable {
  private var reader: Reader
  private var left: Int

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan, count: Int) {
    reader = Reader(bytes)
    left = count
    move(TransactionLayout.headBytes)
  }

  /// What ranges in the views refer to: the transaction's signed bytes.
  public var buffer: RawSpan {
    @_lifetime(copy self)
    get { reader.span }
  }

  /// The next operation, or nil after the last.
  public mutating func next() -> OperationView? {
    guard left > 0 else { return nil }
    left -= 1
    do throws(CodecError) {
      return try OperationView(from: &reader)
    } catch {
      preconditionFailure("an operation that was checked before is malformed: \(error)")
    }
  }

  private mutating func move(_ count: Int) {
    do throws(CodecError) {
      _ = try reader.skip(count)
    } catch {
      preconditionFailure("a transaction that was checked before is too short: \(error)")
    }
  }
}
