internal import CPKCS11

/// A list of attributes to look for or to set.
struct TokenAttributes {
  private var values: [(type: CK_ATTRIBUTE_TYPE, bytes: [UInt8])] = []

  mutating func add(_ type: UInt, _ bytes: [UInt8]) { values.append((type, bytes)) }

  mutating func add(_ type: UInt, _ text: String) { add(type, Array(text.utf8)) }

  mutating func add(_ type: UInt, number: UInt) { add(type, withUnsafeBytes(of: CK_ULONG(number)) { Array($0) }) }

  mutating func add(_ type: UInt, _ isSet: Bool) { add(type, [isSet ? 1 : 0]) }

  /// Lends the list as the functions of PKCS #11 take it.
  func withTemplate<Result>(
    _ body: (UnsafeMutablePointer<CK_ATTRIBUTE>?, CK_ULONG) throws(TokenError) -> Result
  ) throws(TokenError) -> Result {
    // One block for all values. Each begins at a multiple of eight, because modules read numbers in place.
    let places = values.reduce(into: [0]) { places, value in
      places.append((places[places.count - 1] + value.bytes.count + 7) & ~7)
    }
    let storage = UnsafeMutableRawBufferPointer.allocate(byteCount: max(8, places[values.count]), alignment: 8)
    defer { storage.deallocate() }
    let template = UnsafeMutablePointer<CK_ATTRIBUTE>.allocate(capacity: max(1, values.count))
    defer { template.deallocate() }
    for (index, value) in values.enumerated() {
      let part = UnsafeMutableRawBufferPointer(rebasing: storage[places[index]..<places[index] + value.bytes.count])
      part.copyBytes(from: value.bytes)
      template[index] = CK_ATTRIBUTE(
        type: value.type, pValue: part.baseAddress, ulValueLen: CK_ULONG(value.bytes.count))
    }
    return try body(template, CK_ULONG(values.count))
  }
}
