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

  /// A number in one spelling.
  func number<Value: FixedWidthInteger>(_ parameter: String) throws -> Value {
    let text = try parameters.require(parameter)
    guard let number = Value(canonical: text) else {
      throw RequestError.parameter(parameter, text, allowed: "a whole number from 0 to \(Value.max)")
    }
    return number
  }

  /// The account that the rest of the path names.
  func account() throws -> AccountName {
    let text = parameters.getCatchAll().joined(separator: "/")
    guard let account = text.removingPercentEncoding.flatMap({ AccountName($0) }) else {
      throw RequestError.parameter("account", text, allowed: RequestError.accountForm)
    }
    return account
  }

  /// The collection that the path component `collection` names.
  func collection() throws -> CollectionName {
    let text = try decoded("collection")
    guard let collection = CollectionName(text) else {
      throw RequestError.parameter("collection", text, allowed: "a collection's name, percent-encoded")
    }
    return collection
  }

  /// The key of a record, in the form that a record may have.
  func recordKey() throws -> String {
    let key = try decoded("key")
    guard RecordVersion.isKey(key) else {
      throw RequestError.parameter(
        "key", key, allowed: "a text of 1 to \(Limits.recordKeyBytes) bytes without control characters")
    }
    return key
  }

  /// The reference of a hold, in the path component `reference`.
  func holdReference() throws -> HoldReference {
    let text = try decoded("reference")
    guard let reference = HoldReference(text) else {
      throw RequestError.parameter("reference", text, allowed: RequestError.holdReferenceForm)
    }
    return reference
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
