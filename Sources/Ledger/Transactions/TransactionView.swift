public import Primitives

/// A transaction in place: its layout and a loan of its bytes.
///
/// Made only from bytes that were walked, so reading it cannot fail.
public struct TransactionView: ~Escapable {
  public let layout: TransactionLayout
  /// The signed bytes. Ranges in operation views refer to them.
  public let bytes: RawSpan

  @_lifetime(copy buffer)
  init(_ layout: TransactionLayout, in buffer: RawSpan) {
    self.layout = layout
    self.bytes = buffer.extracting(layout.range.start..<layout.range.end)
  }

  public var id: Digest { layout.id }

  /// The operations in order, decoded one by one without allocating.
  public var operations: OperationCursor {
    @_lifetime(copy self)
    get { OperationCursor(bytes, count: layout.operationCount) }
  }

  /// The signatures in order, decoded one by one without allocating.
  public var signatures: SignatureCursor {
    @_lifetime(copy self)
    get { SignatureCursor(bytes, start: layout.unsignedCount) }
  }
}

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

/// Walks the signatures of a transaction whose bytes were checked before.
public struct SignatureCursor: ~Escapable {
  private var reader: Reader
  private var left: Int

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan, start: Int) {
    reader = Reader(bytes)
    do throws(CodecError) {
      _ = try reader.skip(start)
      left = Int(try reader.byte())
    } catch {
      preconditionFailure("a transaction that was checked before is too short: \(error)")
    }
  }

  /// The next signature, or nil after the last.
  public mutating func next() -> TransactionSignature? {
    guard left > 0 else { return nil }
    left -= 1
    do throws(CodecError) {
      return try TransactionSignature(from: &reader)
    } catch {
      preconditionFailure("a signature that was checked before is malformed: \(error)")
    }
  }
}
