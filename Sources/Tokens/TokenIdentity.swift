internal import Primitives

/// What a token says about itself.
public struct TokenIdentity: Hashable, Sendable {
  public let label: String
  public let serial: String
  public let manufacturer: String
  public let model: String

  func matches(_ uri: TokenURI) -> Bool {
    func agrees(_ wanted: String?, _ found: String) -> Bool { wanted == nil || wanted == found }
    return agrees(uri.token, label) && agrees(uri.serial, serial) && agrees(uri.manufacturer, manufacturer)
      && agrees(uri.model, model)
  }
}

extension TokenIdentity: CustomStringConvertible {
  public var description: String { "\(label.quoted) (\(model.quoted), serial \(serial.quoted))" }
}
