internal import Foundation
internal import Hummingbird
internal import Ledger
internal import Primitives

extension RequestContext {
  func digest(_ name: String) throws -> Digest {
    let text = try parameters.require(name)
    guard let digest = Digest(hex: text) else {
      throw RequestError.parameter(name, text, allowed: "64 hexadecimal digits, lower case")
    }
    return digest
  }

  func name(_ parameter: String) throws -> Name {
    let text = try parameters.require(parameter)
    guard let name = Name(text) else {
      throw RequestError.parameter(parameter, text, allowed: "a name: [a-z0-9][a-z0-9.-]{0,31}")
    }
    return name
  }

  func height(_ parameter: String) throws -> Height {
    let text = try parameters.require(parameter)
    guard let number = UInt64(canonical: text) else {
      throw RequestError.parameter(parameter, text, allowed: "a height, or 'latest'")
    }
    return Height(number)
  }

  /// A path component that may contain any characters, percent-encoded.
  func decoded(_ parameter: String) throws -> String {
    let text = try parameters.require(parameter)
    guard let decoded = text.removingPercentEncoding else {
      throw RequestError.parameter(parameter, text, allowed: "it percent-encoded as UTF-8")
    }
    return decoded
  }
}
