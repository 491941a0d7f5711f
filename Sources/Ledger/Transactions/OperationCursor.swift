internal import Primitives

/// Walks over the operations of a transaction whose bytes have been checked.
public struct OperationCursor: ~Escapable {
  private var reader: Reader
  private var left: Int

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan, count: Int) {
    reader = Reader(bytes)
    left = count
    move(TransactionLayout.headBytes)
  }

  /// The transaction's signed bytes, to which the ranges in the views refer.
  public var buffer: RawSpan {
    @_lifetime(copy self)
    get { reader.span }
  }

  /// The next operation; nil after the last.
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
