internal import Primitives

/// Walks over the signatures of a transaction whose bytes have been checked.
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

  /// The next signature; nil after the last.
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
