<?php

declare(strict_types=1);

/** What arrived is not from the server that has the secret, or not from now: answer 400 and do nothing else. */
final class InvalidWebhook extends RuntimeException
{
}

/**
 * Checks a webhook of Understudy (Standard Webhooks 1.0) and returns its event. PHP 7.4 and later, no packages.
 *
 * @param string          $body    the body as it came: `file_get_contents('php://input')`, or Symfony's `$request->getContent()`
 * @param array           $headers names in lower case, as `getallheaders()` gives them after `array_change_key_case()`
 * @param string|string[] $secrets `whsec_…`, or several while you change over from one to the next
 *
 * @return array the CloudEvent; keep its `id`, because it can come twice
 *
 * @throws InvalidWebhook
 */
function verify_webhook(string $body, array $headers, $secrets, int $tolerance = 300, ?int $now = null): array
{
    foreach (['webhook-id', 'webhook-timestamp', 'webhook-signature'] as $name) {
        if (!is_string($headers[$name] ?? null) || $headers[$name] === '') {
            throw new InvalidWebhook("the header $name is missing");
        }
    }
    $id = $headers['webhook-id'];
    $timestamp = $headers['webhook-timestamp'];
    if (preg_match('/^\d{1,12}\z/', $timestamp) !== 1 || abs(($now ?? time()) - (int) $timestamp) > $tolerance) {
        throw new InvalidWebhook('it was not sent just now');
    }
    $valid = false;
    foreach ((array) $secrets as $secret) {
        $key = strpos($secret, 'whsec_') === 0 ? base64_decode(substr($secret, 6), true) : false;
        if ($key === false || strlen($key) < 24) {
            throw new InvalidArgumentException('a webhook secret is whsec_ and base64');
        }
        $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
        foreach (explode(' ', $headers['webhook-signature']) as $signature) {
            // Whole signatures, in constant time; no early exit.
            $valid = hash_equals($expected, $signature) || $valid;
        }
    }
    if (!$valid) {
        throw new InvalidWebhook('no signature is one under this secret');
    }
    $event = json_decode($body, true);
    if (!is_array($event) || ($event['id'] ?? null) !== $id) {
        throw new InvalidWebhook('the body is not the event that webhook-id names');
    }
    return $event;
}
