/** Names under which a secret is logged as an extra; the value is a password or a token. */
export const secretKeys: readonly string[] = `
password Password PASSWORD passwd pwd pass pw passcode passphrase userPassword user_password user.password db_password dbPassword DB_PASS
smtp_pass MYSQL_PWD PGPASSWORD REDIS_PASSWORD password2 password_confirmation passwordConfirm confirmPassword newPassword old_password
currentPassword root_pw admin-password wifiPassword password_hash passwordHash hashed_password pass_phrase
secret client_secret clientSecret secretKey secret_key SECRET_KEY_BASE app.secret sharedSecret consumerSecret webhook_secret jwtSecret
secrets secretAccessKey aws_secret_access_key AWS_SECRET_ACCESS_KEY totpSecret
token accessToken access_token access-token refreshToken refresh_token id_token idToken authToken auth_token tokens csrfToken csrf_token
xsrf-token XSRF-TOKEN bearerToken bearer sessionToken apiToken personal_access_token resetToken inviteToken verification_token
deviceToken push_token githubToken SLACK_TOKEN NPM_TOKEN
apiKey api_key api-key APIKEY x-api-key X-Api-Key accessKey access_key accessKeyId privateKey private_key privateKeyPem signingKey
signing_key encryptionKey encryption_key masterKey master_key sharedKey accountKey account_key subscriptionKey subscription-key
ocp-apim-subscription-key hmacKey hmac_key ssh_key sshKey ssh_private_key STRIPE_API_KEY OPENAI_API_KEY licenseKey
auth authorization Authorization proxy-authorization Proxy-Authorization http.request.header.authorization x-auth-token X-Auth-Token
x-amz-security-token x-csrf-token x-goog-api-key
cookie Cookie cookies set-cookie Set-Cookie set_cookie connect.sid sid session sessionId session_id sessionid PHPSESSID JSESSIONID
session_key sessionCookie
jwt JWT otp totp mfaCode otpCode pin PIN pinCode pin_code cvv cvc cvc2 cvv2 securityCode card_cvc cardNumber card_number creditCard
credit_card ccNumber pan
ssn SSN personnummer pnr personalNumber personal_identity_number socialSecurityNumber nationalId fodselsnummer
credential credentials creds connectionString connection_string dsn SENTRY_DSN
lösenord losenord Lösenord användarLösenord contraseña contrasena Contraseña mot_de_passe motdepasse motDePasse mdp Passwort passwort
benutzerPasswort Kennwort kennwort wachtwoord senha palavra-passe hasło haslo heslo jelszó parola şifre salasana passord adgangskode
kodeord пароль Пароль 密码 密碼 パスワード 비밀번호 mật_khẩu סיסמה
`
  .trim()
  .split(/\s+/);

/** Names whose values are no secret. */
export const harmlessKeys: readonly string[] = `
user userId user_id id uuid key sort_key sortKey primary_key primaryKey foreign_key cacheKey cache_key partitionKey routing_key monkey
keyboard keys keyword hotkey turkey donkey publicKey public_key idempotencyKey tokens_used input_tokens output_tokens inputTokens
totalTokens max_tokens maxTokens prompt_tokens completion_tokens tokenCount token_count tokenType token_type tokenizer
password_changed_at passwordChangedAt passwordLength password_policy passwordResetUrl secretary passenger passengers compass passage
bypass passed passing passThrough passport_country path author authors authority authorId authenticated authType authMethod auth_type
session_count sessionCount sessionDuration sessions cookieConsent cookie_policy cookieBanner cookieDomain cookiesEnabled
pinned spinner spin pinCount shipping pinging opinion code statusCode errorCode countryCode zipCode postcode codec sidebar side inside
residence outside president signal signed signature_count design status method route duration_ms level service host port version
apiVersion api_url apiKeyCount keyId key_id secretName secret_name secretVersion certificate thumbprint fingerprint checksum etag
sha256 commit branch expires_in expiresAt token_expires_at issued_at scope grant_type response_type nonce_count pane panel company span
trace_id span_id parent_id lastLogin loginCount email_domain locale currency amount orderNumber order_id invoice_no ocr tracking_number
`
  .trim()
  .split(/\s+/);
