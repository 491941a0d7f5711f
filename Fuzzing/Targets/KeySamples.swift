/// Files with keys made for these tests only; the passphrase of each encrypted one is "x". The certificate is that of
/// `p256`. They are from the `openssl` command, so that not all come from our own code.
enum KeySamples {
  static let files = [p256, sec1, edwards, sm2, encrypted, scrypt, older, olderPEM].map { Array($0.utf8) }

  /// PKCS#8.
  static let p256 = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgr1vzWJ9NFPM1pKKp
    Ku1RLUTNsSMuhRmaMwmbnxVHHIChRANCAATml2zvSwX/IN3KWXv8N4QziU2/vJ5j
    JKJzaOcgJau8hH+CH0VIFsJKtVL6qNgtp0Ib1DwgaeK/WGqshIFOQzaO
    -----END PRIVATE KEY-----

    """

  /// The older form of elliptic-curve keys.
  static let sec1 = """
    -----BEGIN EC PRIVATE KEY-----
    MHcCAQEEIK9b81ifTRTzNaSiqSrtUS1EzbEjLoUZmjMJm58VRxyAoAoGCCqGSM49
    AwEHoUQDQgAE5pds70sF/yDdyll7/DeEM4lNv7yeYySic2jnICWrvIR/gh9FSBbC
    SrVS+qjYLadCG9Q8IGniv1hqrISBTkM2jg==
    -----END EC PRIVATE KEY-----

    """

  static let edwards = """
    -----BEGIN PRIVATE KEY-----
    MC4CAQAwBQYDK2VwBCIEII6mdnL1YZQbhlKclLiRv8WgXR2TYSbi8IA+XZFsb3U3
    -----END PRIVATE KEY-----

    """

  static let sm2 = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqBHM9VAYItBG0wawIBAQQgBkjHDI/gXSG5s+Uw
    6SbueMZKweGdNJTD8weT1z75YOuhRANCAASkwbdawCR7E8YM2WnyQXNHxEA4BQTK
    QpZg7SDQbWyswYUc7nHCc8fNr5zWFZixgU/1E+j30Kss2vIZ5XJeJvmF
    -----END PRIVATE KEY-----

    """

  /// PBES2 with PBKDF2, as our own encrypted files, with 100 rounds.
  static let encrypted = """
    -----BEGIN ENCRYPTED PRIVATE KEY-----
    MIHrMFYGCSqGSIb3DQEFDTBJMCgGCSqGSIb3DQEFDDAbBAjdbW9kUbjl5AIBZDAM
    BggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQZlcYaAApOAJQISBSCR5rHASBkPe/
    Het1JZLnWmYFq3+dwS3W8bgJXeoqdR8WkH16KsInAbkid4CqnMnkmedx04nm39OL
    GELBRjUbQ3H/FahARtxU2t4xjXJkpnPcFEYAewegSu5RJyEtyArJ+J+2Q7su4N+H
    Mz+0CuGohyxNyx8yuVUtxvyM1BsQVdezPzCPRcAdKkAPWSwLKITBaV+MgdAZvw==
    -----END ENCRYPTED PRIVATE KEY-----

    """

  /// PBES2 with scrypt.
  static let scrypt = """
    -----BEGIN ENCRYPTED PRIVATE KEY-----
    MIHjME4GCSqGSIb3DQEFDTBBMCAGCSsGAQQB2kcECzATBAhzOWUefmS1FQIBEAIB
    CAIBATAdBglghkgBZQMEASoEEP0M8hcRcuNEOhLZWoCc/6sEgZAW0RgIjQsqLxQ/
    SElj5F7VxvbUN4frIFY19qlVzAHjQUcLmlHoOoQ3p3N7KWi611yABee8wba3lXix
    Cln37z0KXnAHC1f/L2Xb+rVe3gF5MYozyAR9sV3APkX29AOT5y9y5FYv07FS3gG3
    0314WlxbWLurE/v/KACjMpmPpeDwaOQe5ZMgfG6yWynJhFbOCkQ=
    -----END ENCRYPTED PRIVATE KEY-----

    """

  /// A scheme of PKCS#12 with 50 rounds.
  static let older = """
    -----BEGIN ENCRYPTED PRIVATE KEY-----
    MIGwMBsGCiqGSIb3DQEMAQMwDQQIROXLyKhxq2oCATIEgZCLKIxC2FxHD644zY5C
    tWNzURz33D2bv7z2+EXt5HBpekiGoEfCA3yYypMO6kmrJj9gKDGFcyD8m59gf2hL
    Q2VL1rBr8u9vBVbmtC2izbmGUqIAhoo+jfZkmIW1jGGnussbwk1qzfMf8nWdUJi/
    VN45mvtF6tR6ApOpNa3gfSTgWWnwudEcXHi6mda1n9TiKVQ=
    -----END ENCRYPTED PRIVATE KEY-----

    """

  /// Encrypted by the PEM format itself.
  static let olderPEM = """
    -----BEGIN EC PRIVATE KEY-----
    Proc-Type: 4,ENCRYPTED
    DEK-Info: AES-256-CBC,360EAA5BBADF57C8DA18990EC67589D6

    93Nr3YIl/B/SRuu2VFES+rAkBxUb5zG2vl5mlOhciQUV44lOD8zq8nEcN155kVpb
    /iMcVH0Y3vlGQfkeML1gMKZDg5RVGrjAkpjPr8XUAHxYB7OvAqNNZwc0P7Pt5m67
    5cQ5w6zojg7hKKBwzqednT5N/EAf1FCqgKinJNlgldk=
    -----END EC PRIVATE KEY-----

    """

  static let certificate = """
    -----BEGIN CERTIFICATE-----
    MIIBdjCCAR2gAwIBAgIURS/qT3HnIg0GYqAxfZfBfxdp+gMwCgYIKoZIzj0EAwIw
    EDEOMAwGA1UEAwwFbm9kZTEwIBcNMjYxMTI5MTYzODA2WhgPMjEyNjExMDUxNjM4
    MDZaMBAxDjAMBgNVBAMMBW5vZGUxMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
    5pds70sF/yDdyll7/DeEM4lNv7yeYySic2jnICWrvIR/gh9FSBbCSrVS+qjYLadC
    G9Q8IGniv1hqrISBTkM2jqNTMFEwHQYDVR0OBBYEFHnAkO4+72DXFEf2L7huRckV
    eRS4MB8GA1UdIwQYMBaAFHnAkO4+72DXFEf2L7huRckVeRS4MA8GA1UdEwEB/wQF
    MAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgVJGPUhDHFo6kpoNj+lx6w4/Wsx4I305y
    luGRLnZM2fgCIAwAtTUv14gwpXoglI5iEqPkpj/vNn6trlZ1H0L6GeEM
    -----END CERTIFICATE-----

    """
}
