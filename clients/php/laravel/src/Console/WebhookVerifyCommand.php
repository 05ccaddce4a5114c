<?php

declare(strict_types=1);

namespace Understudy\Laravel\Console;

use Illuminate\Console\Command;
use Understudy\Client\Exception\InvalidWebhook;
use Understudy\Client\Webhook\Verifier;
use Understudy\Laravel\Http\WebhookIntake;

final class WebhookVerifyCommand extends Command
{
    protected $signature = 'understudy:webhook:verify
        {file : The body, byte for byte; - for standard input}
        {--id= : Header webhook-id}
        {--timestamp= : Header webhook-timestamp}
        {--signature= : Header webhook-signature}
        {--any-age : Accept what was sent long ago}';

    protected $description = 'Says whether a delivery that was logged is one under the configured secrets, and if not, why';

    /** Called by Artisan. */
    public function handle(): int
    {
        $file = $this->argument('file');
        if ($file !== '-' && !is_file($file)) {
            $this->error(sprintf('There is no file "%s".', $file));

            return self::INVALID;
        }
        $body = (string) file_get_contents($file === '-' ? 'php://stdin' : $file);
        $headers = array_filter([
            'webhook-id' => $this->option('id'),
            'webhook-timestamp' => $this->option('timestamp'),
            'webhook-signature' => $this->option('signature'),
        ], static fn (mixed $value): bool => \is_string($value));
        try {
            $options = WebhookIntake::options($this->laravel);
            $tolerance = $this->option('any-age') ? 100 * 365 * 86400 : (int) $options['tolerance'];
            $event = (new Verifier($options['secrets'], $tolerance))->verify($body, $headers)->event;
        } catch (InvalidWebhook $invalid) {
            $this->error(sprintf('%s: %s', $invalid->reason, $invalid->getMessage()));

            return self::FAILURE;
        } catch (\InvalidArgumentException $misconfigured) {
            $this->error($misconfigured->getMessage());

            return self::INVALID;
        }
        $this->info(sprintf('%s %s, about %s', $event->type, $event->id, $event->subject));

        return self::SUCCESS;
    }
}
