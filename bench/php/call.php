<?php

/**
 * One prediction against a server that answers at once, on a kept-alive connection, by turns: a bare curl handle,
 * symfony/http-client, the client. Prints JSON: microseconds a call of each.
 * usage: call.php url calls
 */

declare(strict_types=1);

use Symfony\Component\HttpClient\HttpClient;
use Understudy\Client\UnderstudyClient;

require __DIR__ . '/autoload.php';
[, $url, $calls] = $argv;

$body = '{"input":{"text":"a comment of some eighty characters, as they are written under articles"}}';
$path = $url . '/v1/predict/comment-moderation';
$headers = ['accept: application/json', 'authorization: Bearer us_bench', 'content-type: application/json', 'idempotency-key: 1'];

$handle = curl_init($path);
curl_setopt_array($handle, [CURLOPT_POSTFIELDS => $body, CURLOPT_HTTPHEADER => $headers, CURLOPT_RETURNTRANSFER => true]);
$http = HttpClient::create();
$understudy = UnderstudyClient::create($url, 'us_bench');
$ways = [
    'curl' => static fn (): mixed => json_decode((string) curl_exec($handle), true)['label'],
    'http_client' => static fn (): mixed => json_decode($http->request('POST', $path, ['headers' => $headers, 'body' => $body])->getContent(), true)['label'],
    'client' => static fn (): mixed => $understudy->predict('comment-moderation', 'a comment of some eighty characters, as they are written under articles')->label,
];

$times = array_fill_keys(array_keys($ways), []);
$cpu = array_fill_keys(array_keys($ways), 0.0);
$used = static function (): float {
    $usage = getrusage();

    return ($usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec']) * 1e6 + $usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec'];
};
const TURN = 25;
for ($done = -8 * TURN; $done < $calls; $done += TURN) { // the first turns warm up
    foreach ($ways as $name => $call) {
        $before = $used();
        for ($i = 0; $i < TURN; ++$i) {
            $startedAt = hrtime(true);
            $label = $call();
            $elapsed = (hrtime(true) - $startedAt) / 1000;
            if ($label !== 'ok') {
                throw new LogicException("$name did not decide");
            }
            if ($done >= 0) {
                $times[$name][] = $elapsed;
            }
        }
        $cpu[$name] += $done >= 0 ? $used() - $before : 0.0;
    }
}

$told = [];
foreach ($times as $name => $all) {
    sort($all);
    $told[$name] = ['median' => $all[intdiv(count($all), 2)], 'p99' => $all[(int) (0.99 * (count($all) - 1))], 'cpu' => $cpu[$name] / count($all)];
}
echo json_encode($told, JSON_THROW_ON_ERROR), "\n";
