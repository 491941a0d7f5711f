/// A memo as text, or its bytes as hexadecimal digits.
package enum PlainMemo {
  package static func text(_ memo: [UInt8]) -> String {
    guard let text = String(validating: memo, as: UTF8.self) else {
      return memo.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
    return Printable.text(text)
  }
}
